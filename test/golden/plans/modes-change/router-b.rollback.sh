# vxlan1
ip link change dev vxlan1 type vxlan id 42 local 30.1.1.1 remote 30.1.1.2 ttl 64 learning && ip neigh flush dev vxlan1
ip link set dev vxlan1 mtu 1450
# vti61
ip link change dev vti61 type vti6 local fd00:31::1 remote fd00:31::2 ikey 43 okey 43
ip link set dev vti61 mtu 1406
# ip6tnl1
ip link change dev ip6tnl1 type ip6tnl mode any local fd00:30::1 remote fd00:30::2 ttl 64 encaplimit none
ip link set dev ip6tnl1 mtu 1460
# ip6gretap1
ip link set dev ip6gretap1 mtu 1438
ip link change dev ip6gretap1 type ip6gretap local fd00:30::1 remote fd00:30::2 ikey 4 okey 4 ttl 64 encaplimit none tos 0 && ip neigh flush dev ip6gretap1
ip link set dev ip6gretap1 mtu 1438
# ip6gre1
ip link set dev ip6gre1 mtu 1452
ip link change dev ip6gre1 type ip6gre local fd00:30::1 remote fd00:30::2 ikey 3 okey 3 ttl 64 encaplimit none flowlabel 0
ip link set dev ip6gre1 mtu 1452
# vti1
ip link change dev vti1 type vti local 30.1.3.1 remote 30.1.3.2 ikey 42 okey 42
ip link set dev vti1 mtu 1438
# isatap1
ip link change dev isatap1 type sit mode ip6ip isatap local 30.1.2.1 remote 30.1.2.2 ttl 64 pmtudisc
ip link set dev isatap1 mtu 1480
# sit1
ip link change dev sit1 type sit mode ip6ip local 30.1.1.1 remote 30.1.1.2 ttl 64 pmtudisc tos 0
ip link set dev sit1 mtu 1480
# ipip1
ip link change dev ipip1 type ipip mode ipip local 30.1.1.1 remote 30.1.1.2 ttl 64 pmtudisc
ip link set dev ipip1 mtu 1480
# gretap1
ip link set dev gretap1 mtu 1458
ip link change dev gretap1 type gretap local 30.1.1.1 remote 30.1.1.2 ikey 2 okey 2 ttl 64 pmtudisc && ip neigh flush dev gretap1
ip link set dev gretap1 mtu 1458
# gre1
ip link set dev gre1 mtu 1472
ip link change dev gre1 type gre local 30.1.1.1 remote 30.1.1.2 ikey 9 okey 9 ttl 64 nopmtudisc icsum ocsum noignore-df && ip link change dev gre1 type gre local 30.1.1.1 remote 30.1.1.2 ikey 1 okey 1 ttl 64 tos b8 pmtudisc noicsum noocsum
ip link set dev gre1 mtu 1472

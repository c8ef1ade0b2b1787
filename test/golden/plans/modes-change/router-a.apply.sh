# gre1: change link gre1: ikey, okey, pmtudisc, ignore-df, icsum, ocsum, tos
ip link change dev gre1 type gre local 30.1.1.2 remote 30.1.1.1 ikey 9 okey 9 ttl 64 nopmtudisc ignore-df icsum ocsum tos 0
ip link set dev gre1 mtu 1472
# gre1: set mtu 1468 on gre1
ip link set dev gre1 mtu 1468
# gretap1: change link gretap1: ttl, ikey, okey
ip link change dev gretap1 type gretap local 30.1.1.2 remote 30.1.1.1 ttl inherit pmtudisc noikey nookey
ip neigh flush dev gretap1
ip link set dev gretap1 mtu 1458
# gretap1: set mtu 1462 on gretap1
ip link set dev gretap1 mtu 1462
# ipip1: change link ipip1: ttl, pmtudisc
ip link change dev ipip1 type ipip mode ipip local 30.1.1.2 remote 30.1.1.1 ttl inherit nopmtudisc
ip link set dev ipip1 mtu 1480
# sit1: change link sit1: tos
ip link change dev sit1 type sit mode ip6ip local 30.1.1.2 remote 30.1.1.1 ttl 64 tos 10 pmtudisc
ip link set dev sit1 mtu 1480
# isatap1: change link isatap1: ttl
ip link change dev isatap1 type sit mode ip6ip isatap local 30.1.2.2 remote 30.1.2.1 ttl 9 pmtudisc
ip link set dev isatap1 mtu 1480
# vti1: change link vti1: ikey, okey
ip link change dev vti1 type vti local 30.1.3.2 remote 30.1.3.1 ikey 0 okey 0
ip link set dev vti1 mtu 1438
# ip6gre1: change link ip6gre1: encaplimit, flowlabel
ip link change dev ip6gre1 type ip6gre local fd00:30::2 remote fd00:30::1 ikey 3 okey 3 ttl 64 encaplimit 4 flowlabel 0x12
ip link set dev ip6gre1 mtu 1452
# ip6gre1: set mtu 1400 on ip6gre1
ip link set dev ip6gre1 mtu 1400
# ip6gretap1: change link ip6gretap1: tos, ikey, okey
ip link change dev ip6gretap1 type ip6gretap local fd00:30::2 remote fd00:30::1 ttl 64 tos inherit encaplimit none noikey nookey
ip neigh flush dev ip6gretap1
ip link set dev ip6gretap1 mtu 1438
# ip6gretap1: set mtu 1442 on ip6gretap1
ip link set dev ip6gretap1 mtu 1442
# ip6tnl1: change link ip6tnl1: ttl
ip link change dev ip6tnl1 type ip6tnl mode any local fd00:30::2 remote fd00:30::1 ttl 255 encaplimit none
ip link set dev ip6tnl1 mtu 1460
# vti61: change link vti61: ikey, okey
ip link change dev vti61 type vti6 local fd00:31::2 remote fd00:31::1 ikey 44 okey 44
ip link set dev vti61 mtu 1406
# vxlan1: change link vxlan1: ttl
ip link change dev vxlan1 type vxlan id 42 local 30.1.1.2 remote 30.1.1.1 ttl 9 learning
ip neigh flush dev vxlan1
ip link set dev vxlan1 mtu 1450

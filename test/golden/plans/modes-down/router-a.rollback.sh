# vxlan1
[ -e /sys/class/net/vxlan1 ] || { ip link add name vxlan1 mtu 1450 group 205 type vxlan id 42 local 30.1.1.2 remote 30.1.1.1 ttl 64 learning dstport 4789 && ip link set dev vxlan1 alias tunorch:vxlan1; }
ip link set dev vxlan1 address 2e:00:61:6e:31:01
ip link set dev vxlan1 up
ip address add 10.10.11.2 peer 10.10.11.1 dev vxlan1
ip address add fd00:10:11::2/64 dev vxlan1 nodad
# vti61
[ -e /sys/class/net/vti61 ] || { ip link add name vti61 mtu 1406 group 205 type vti6 local fd00:31::2 remote fd00:31::1 ikey 43 okey 43 && ip link set dev vti61 alias tunorch:vti61; }
ip link set dev vti61 up
ip address add 10.10.10.2 peer 10.10.10.1 dev vti61
ip address add fd00:10:10::2/64 dev vti61
# ip6tnl1
[ -e /sys/class/net/ip6tnl1 ] || { ip link add name ip6tnl1 mtu 1460 group 205 type ip6tnl mode any local fd00:30::2 remote fd00:30::1 ttl 64 encaplimit none && ip link set dev ip6tnl1 alias tunorch:ip6tnl1; }
ip link set dev ip6tnl1 up
ip address add 10.10.9.2 peer 10.10.9.1 dev ip6tnl1
ip address add fd00:10:9::2/64 dev ip6tnl1
# ip6gretap1
[ -e /sys/class/net/ip6gretap1 ] || { ip link add name ip6gretap1 mtu 1438 group 205 type ip6gretap local fd00:30::2 remote fd00:30::1 ikey 4 okey 4 ttl 64 encaplimit none && ip link set dev ip6gretap1 alias tunorch:ip6gretap1; }
ip link set dev ip6gretap1 address 2e:00:61:70:31:01
ip link set dev ip6gretap1 up
ip address add 10.10.8.2 peer 10.10.8.1 dev ip6gretap1
ip address add fd00:10:8::2 peer fd00:10:8::1 dev ip6gretap1 nodad
# ip6gre1
[ -e /sys/class/net/ip6gre1 ] || { ip link add name ip6gre1 mtu 1452 group 205 type ip6gre local fd00:30::2 remote fd00:30::1 ikey 3 okey 3 ttl 64 encaplimit none && ip link set dev ip6gre1 alias tunorch:ip6gre1; }
ip link set dev ip6gre1 up
ip address add 10.10.7.2 peer 10.10.7.1 dev ip6gre1
ip address add fd00:10:7::2/64 dev ip6gre1
# vti1
[ -e /sys/class/net/vti1 ] || { ip link add name vti1 mtu 1438 group 205 type vti local 30.1.3.2 remote 30.1.3.1 ikey 42 okey 42 && ip link set dev vti1 alias tunorch:vti1; }
ip link set dev vti1 up
ip address add 10.10.6.2 peer 10.10.6.1 dev vti1
# isatap1
[ -e /sys/class/net/isatap1 ] || { ip link add name isatap1 mtu 1480 group 205 type sit mode ip6ip isatap local 30.1.2.2 remote 30.1.2.1 ttl 64 pmtudisc && ip link set dev isatap1 alias tunorch:isatap1; }
ip link set dev isatap1 up
ip address add fd00:10:5::5efe:1e01:202/64 dev isatap1
# sit1
[ -e /sys/class/net/sit1 ] || { ip link add name sit1 mtu 1480 group 205 type sit mode ip6ip local 30.1.1.2 remote 30.1.1.1 ttl 64 pmtudisc && ip link set dev sit1 alias tunorch:sit1; }
ip link set dev sit1 up
ip address add fd00:10:4::2/64 dev sit1
# ipip1
[ -e /sys/class/net/ipip1 ] || { ip link add name ipip1 mtu 1480 group 205 type ipip mode ipip local 30.1.1.2 remote 30.1.1.1 ttl 64 pmtudisc && ip link set dev ipip1 alias tunorch:ipip1; }
ip link set dev ipip1 up
ip address add 10.10.3.2 peer 10.10.3.1 dev ipip1
# gretap1
[ -e /sys/class/net/gretap1 ] || { ip link add name gretap1 mtu 1458 group 205 type gretap local 30.1.1.2 remote 30.1.1.1 ikey 2 okey 2 ttl 64 pmtudisc && ip link set dev gretap1 alias tunorch:gretap1; }
ip link set dev gretap1 address 2e:00:61:70:31:01
ip link set dev gretap1 up
ip address add 10.10.2.2 peer 10.10.2.1 dev gretap1
ip address add fd00:10:2::2/64 dev gretap1 nodad
# gre1
[ -e /sys/class/net/gre1 ] || { ip link add name gre1 mtu 1472 group 205 type gre local 30.1.1.2 remote 30.1.1.1 ikey 1 okey 1 ttl 64 tos b8 pmtudisc && ip link set dev gre1 alias tunorch:gre1; }
ip link set dev gre1 up
ip address add 10.10.1.2 peer 10.10.1.1 dev gre1
ip address add fd00:10:1::2/64 dev gre1

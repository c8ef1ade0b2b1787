# ip6gretap1
tunorch_owned ip6gretap1 tunorch:ip6gretap1 && ip link delete dev ip6gretap1
[ -e /sys/class/net/ip6gretap1 ] || { ip link add name ip6gretap1 mtu 1438 group 205 type ip6gretap local fd00:30::1 remote fd00:30::2 ikey 4 okey 4 ttl 64 encaplimit none && ip link set dev ip6gretap1 alias tunorch:ip6gretap1; }
ip link set dev ip6gretap1 address 2e:00:61:70:31:01
ip link set dev ip6gretap1 up
ip address add 10.10.8.1 peer 10.10.8.2 dev ip6gretap1
ip address add fd00:10:8::1 peer fd00:10:8::2 dev ip6gretap1 nodad
# isatap1
tunorch_owned isatap1 tunorch:isatap1 && ip link delete dev isatap1
[ -e /sys/class/net/isatap1 ] || { ip link add name isatap1 mtu 1480 group 205 type sit mode ip6ip isatap local 30.1.2.1 remote 30.1.2.2 ttl 64 pmtudisc && ip link set dev isatap1 alias tunorch:isatap1; }
ip link set dev isatap1 up
ip address add fd00:10:5::5efe:1e01:201/64 dev isatap1
# gretap1
tunorch_owned gretap1 tunorch:gretap1 && ip link delete dev gretap1
[ -e /sys/class/net/gretap1 ] || { ip link add name gretap1 mtu 1458 group 205 type gretap local 30.1.1.1 remote 30.1.1.2 ikey 2 okey 2 ttl 64 pmtudisc && ip link set dev gretap1 alias tunorch:gretap1; }
ip link set dev gretap1 address 2e:00:61:70:31:01
ip link set dev gretap1 up
ip address add 10.10.2.1 peer 10.10.2.2 dev gretap1
ip address add fd00:10:2::1/64 dev gretap1 nodad
# vxlan1
tunorch_owned vxlan1 tunorch:vxlan1 && ip link delete dev vxlan1
[ -e /sys/class/net/vxlan1 ] || { ip link add name vxlan1 mtu 1450 group 205 type vxlan id 42 local 30.1.1.1 remote 30.1.1.2 ttl 64 learning dstport 4789 && ip link set dev vxlan1 alias tunorch:vxlan1; }
ip link set dev vxlan1 address 2e:00:61:6e:31:01
ip link set dev vxlan1 up
ip address add 10.10.11.1 peer 10.10.11.2 dev vxlan1
ip address add fd00:10:11::1/64 dev vxlan1 nodad
# sit1
tunorch_owned sit1 tunorch:sit1 && ip link delete dev sit1
[ -e /sys/class/net/sit1 ] || { ip link add name sit1 mtu 1480 group 205 type sit mode ip6ip local 30.1.1.1 remote 30.1.1.2 ttl 64 pmtudisc && ip link set dev sit1 alias tunorch:sit1; }
ip link set dev sit1 up
ip address add fd00:10:4::1/64 dev sit1
# ipip1
tunorch_owned ipip1 tunorch:ipip1 && ip link delete dev ipip1
[ -e /sys/class/net/ipip1 ] || { ip link add name ipip1 mtu 1480 group 205 type ipip mode ipip local 30.1.1.1 remote 30.1.1.2 ttl 64 pmtudisc && ip link set dev ipip1 alias tunorch:ipip1; }
ip link set dev ipip1 up
ip address add 10.10.3.1 peer 10.10.3.2 dev ipip1

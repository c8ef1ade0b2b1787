# gre1: load module ip_gre
modprobe ip_gre
# gre1: add link gre1
ip link add name gre1 mtu 1472 group 205 type gre local 30.1.1.1 remote 30.1.1.2 ikey 1 okey 1 ttl 64 tos b8 pmtudisc
ip link set dev gre1 alias tunorch:gre1
# gre1: set gre1 up
ip link set dev gre1 up
# gre1: add address 10.10.1.1 peer 10.10.1.2 to gre1
ip address add 10.10.1.1 peer 10.10.1.2 dev gre1
# gre1: add address fd00:10:1::1/64 to gre1
ip address add fd00:10:1::1/64 dev gre1
# gretap1: load module ip_gre
modprobe ip_gre
# gretap1: add link gretap1
ip link add name gretap1 mtu 1458 group 205 type gretap local 30.1.1.1 remote 30.1.1.2 ikey 2 okey 2 ttl 64 pmtudisc
ip link set dev gretap1 alias tunorch:gretap1
# gretap1: set gretap1 up
ip link set dev gretap1 up
# gretap1: add address 10.10.2.1 peer 10.10.2.2 to gretap1
ip address add 10.10.2.1 peer 10.10.2.2 dev gretap1
# gretap1: add address fd00:10:2::1/64 to gretap1
ip address add fd00:10:2::1/64 dev gretap1 nodad
# ipip1: load module ipip
modprobe ipip
# ipip1: add link ipip1
ip link add name ipip1 mtu 1480 group 205 type ipip mode ipip local 30.1.1.1 remote 30.1.1.2 ttl 64 pmtudisc
ip link set dev ipip1 alias tunorch:ipip1
# ipip1: set ipip1 up
ip link set dev ipip1 up
# ipip1: add address 10.10.3.1 peer 10.10.3.2 to ipip1
ip address add 10.10.3.1 peer 10.10.3.2 dev ipip1
# sit1: load module sit
modprobe sit
# sit1: add link sit1
ip link add name sit1 mtu 1480 group 205 type sit mode ip6ip local 30.1.1.1 remote 30.1.1.2 ttl 64 pmtudisc
ip link set dev sit1 alias tunorch:sit1
# sit1: set sit1 up
ip link set dev sit1 up
# sit1: add address fd00:10:4::1/64 to sit1
ip address add fd00:10:4::1/64 dev sit1
# isatap1: load module sit
modprobe sit
# isatap1: add link isatap1
ip link add name isatap1 mtu 1480 group 205 type sit mode ip6ip isatap local 30.1.2.1 remote 30.1.2.2 ttl 64 pmtudisc
ip link set dev isatap1 alias tunorch:isatap1
# isatap1: set isatap1 up
ip link set dev isatap1 up
# isatap1: add address fd00:10:5::5efe:1e01:201/64 to isatap1
ip address add fd00:10:5::5efe:1e01:201/64 dev isatap1
# vti1: load module ip_vti
modprobe ip_vti
# vti1: add link vti1
ip link add name vti1 mtu 1438 group 205 type vti local 30.1.3.1 remote 30.1.3.2 ikey 42 okey 42
ip link set dev vti1 alias tunorch:vti1
# vti1: set vti1 up
ip link set dev vti1 up
# vti1: add address 10.10.6.1 peer 10.10.6.2 to vti1
ip address add 10.10.6.1 peer 10.10.6.2 dev vti1
# ip6gre1: load module ip6_gre
modprobe ip6_gre
# ip6gre1: add link ip6gre1
ip link add name ip6gre1 mtu 1452 group 205 type ip6gre local fd00:30::1 remote fd00:30::2 ikey 3 okey 3 ttl 64 encaplimit none
ip link set dev ip6gre1 alias tunorch:ip6gre1
# ip6gre1: set ip6gre1 up
ip link set dev ip6gre1 up
# ip6gre1: add address 10.10.7.1 peer 10.10.7.2 to ip6gre1
ip address add 10.10.7.1 peer 10.10.7.2 dev ip6gre1
# ip6gre1: add address fd00:10:7::1/64 to ip6gre1
ip address add fd00:10:7::1/64 dev ip6gre1
# ip6gretap1: load module ip6_gre
modprobe ip6_gre
# ip6gretap1: add link ip6gretap1
ip link add name ip6gretap1 mtu 1438 group 205 type ip6gretap local fd00:30::1 remote fd00:30::2 ikey 4 okey 4 ttl 64 encaplimit none
ip link set dev ip6gretap1 alias tunorch:ip6gretap1
# ip6gretap1: set ip6gretap1 up
ip link set dev ip6gretap1 up
# ip6gretap1: add address 10.10.8.1 peer 10.10.8.2 to ip6gretap1
ip address add 10.10.8.1 peer 10.10.8.2 dev ip6gretap1
# ip6gretap1: add address fd00:10:8::1 peer fd00:10:8::2 to ip6gretap1
ip address add fd00:10:8::1 peer fd00:10:8::2 dev ip6gretap1 nodad
# ip6tnl1: load module ip6_tunnel
modprobe ip6_tunnel
# ip6tnl1: add link ip6tnl1
ip link add name ip6tnl1 mtu 1460 group 205 type ip6tnl mode any local fd00:30::1 remote fd00:30::2 ttl 64 encaplimit none
ip link set dev ip6tnl1 alias tunorch:ip6tnl1
# ip6tnl1: set ip6tnl1 up
ip link set dev ip6tnl1 up
# ip6tnl1: add address 10.10.9.1 peer 10.10.9.2 to ip6tnl1
ip address add 10.10.9.1 peer 10.10.9.2 dev ip6tnl1
# ip6tnl1: add address fd00:10:9::1/64 to ip6tnl1
ip address add fd00:10:9::1/64 dev ip6tnl1
# vti61: load module ip6_vti
modprobe ip6_vti
# vti61: add link vti61
ip link add name vti61 mtu 1406 group 205 type vti6 local fd00:31::1 remote fd00:31::2 ikey 43 okey 43
ip link set dev vti61 alias tunorch:vti61
# vti61: set vti61 up
ip link set dev vti61 up
# vti61: add address 10.10.10.1 peer 10.10.10.2 to vti61
ip address add 10.10.10.1 peer 10.10.10.2 dev vti61
# vti61: add address fd00:10:10::1/64 to vti61
ip address add fd00:10:10::1/64 dev vti61
# vxlan1: load module vxlan
modprobe vxlan
# vxlan1: add link vxlan1
ip link add name vxlan1 mtu 1450 group 205 type vxlan id 42 local 30.1.1.1 remote 30.1.1.2 ttl 64 learning dstport 4789
ip link set dev vxlan1 alias tunorch:vxlan1
# vxlan1: set vxlan1 up
ip link set dev vxlan1 up
# vxlan1: add address 10.10.11.1 peer 10.10.11.2 to vxlan1
ip address add 10.10.11.1 peer 10.10.11.2 dev vxlan1
# vxlan1: add address fd00:10:11::1/64 to vxlan1
ip address add fd00:10:11::1/64 dev vxlan1 nodad

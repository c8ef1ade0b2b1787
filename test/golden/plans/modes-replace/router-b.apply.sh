# ipip1: delete link ipip1 to replace it
ip link delete dev ipip1
# ipip1: add link ipip1
ip link add name ipip1 mtu 1480 group 205 type ipip mode any local 30.1.1.1 remote 30.1.1.2 ttl 64 pmtudisc
ip link set dev ipip1 alias tunorch:ipip1
# ipip1: set ipip1 up
ip link set dev ipip1 up
# ipip1: add address 10.10.3.1 peer 10.10.3.2 to ipip1
ip address add 10.10.3.1 peer 10.10.3.2 dev ipip1
# sit1: delete link sit1 to replace it
ip link delete dev sit1
# sit1: add link sit1
ip link add name sit1 mtu 1480 group 205 type sit mode any local 30.1.1.1 remote 30.1.1.2 ttl 64 pmtudisc
ip link set dev sit1 alias tunorch:sit1
# sit1: set sit1 up
ip link set dev sit1 up
# sit1: add address fd00:10:4::1/64 to sit1
ip address add fd00:10:4::1/64 dev sit1
# vxlan1: delete link vxlan1 to replace it
ip link delete dev vxlan1
# vxlan1: add link vxlan1
ip link add name vxlan1 mtu 1450 group 205 type vxlan id 43 local 30.1.1.1 remote 30.1.1.2 ttl 64 learning dstport 4789
ip link set dev vxlan1 alias tunorch:vxlan1
# vxlan1: keep what was set on vxlan1
ip link set dev vxlan1 address 2e:00:61:6e:31:01
# vxlan1: set vxlan1 up
ip link set dev vxlan1 up
# vxlan1: add address 10.10.11.1 peer 10.10.11.2 to vxlan1
ip address add 10.10.11.1 peer 10.10.11.2 dev vxlan1
# vxlan1: add address fd00:10:11::1/64 to vxlan1
ip address add fd00:10:11::1/64 dev vxlan1 nodad
# gretap1: delete link gretap1 to replace it
ip link delete dev gretap1
# gretap1: add link gretap1
ip link add name gretap1 mtu 1450 group 205 type vxlan id 44 local 30.1.1.1 remote 30.1.1.2 ttl 64 learning dstport 4789
ip link set dev gretap1 alias tunorch:gretap1
# gretap1: keep what was set on gretap1
ip link set dev gretap1 address 2e:00:61:70:31:01
# gretap1: set gretap1 up
ip link set dev gretap1 up
# gretap1: add address 10.10.2.1 peer 10.10.2.2 to gretap1
ip address add 10.10.2.1 peer 10.10.2.2 dev gretap1
# gretap1: add address fd00:10:2::1/64 to gretap1
ip address add fd00:10:2::1/64 dev gretap1 nodad
# isatap1: delete link isatap1 to replace it
ip link delete dev isatap1
# isatap1: add link isatap1
ip link add name isatap1 mtu 1480 group 205 type sit mode ip6ip local 30.1.2.1 remote 30.1.2.2 ttl 64 pmtudisc
ip link set dev isatap1 alias tunorch:isatap1
# isatap1: set isatap1 up
ip link set dev isatap1 up
# isatap1: add address fd00:10:5::1/64 to isatap1
ip address add fd00:10:5::1/64 dev isatap1
# ip6gretap1: delete link ip6gretap1 to replace it
ip link delete dev ip6gretap1
# ip6gretap1: add link ip6gretap1
ip link add name ip6gretap1 mtu 1452 group 205 type ip6gre local fd00:30::1 remote fd00:30::2 ikey 4 okey 4 ttl 64 encaplimit none
ip link set dev ip6gretap1 alias tunorch:ip6gretap1
# ip6gretap1: set ip6gretap1 up
ip link set dev ip6gretap1 up
# ip6gretap1: add address 10.10.8.1 peer 10.10.8.2 to ip6gretap1
ip address add 10.10.8.1 peer 10.10.8.2 dev ip6gretap1
# ip6gretap1: add address fd00:10:8::1 peer fd00:10:8::2 to ip6gretap1
ip address add fd00:10:8::1 peer fd00:10:8::2 dev ip6gretap1

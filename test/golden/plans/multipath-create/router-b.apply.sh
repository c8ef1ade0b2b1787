# gre1: load module ip_gre
modprobe ip_gre
# gre1: add link gre1
ip link add name gre1 mtu 1472 group 205 type gre local 30.1.1.1 remote 30.1.1.2 ikey 1 okey 1 ttl 64 pmtudisc
ip link set dev gre1 alias tunorch:gre1,ip_forward=0,ipv6_forwarding=0
# gre1: set gre1 up
ip link set dev gre1 up
# gre1: add address 10.10.10.1 peer 10.10.10.2 to gre1
ip address add 10.10.10.1 peer 10.10.10.2 dev gre1
# gre1: add address fd00:10::1/64 to gre1
ip address add fd00:10::1/64 dev gre1
# gre1: add route 10.2.1.0/24 nexthop dev gre1 weight 3
tunorch_share join 10.2.1.0/24 254 0 205 gre1 gre1 3 gre2 1
# gre1: add route fd00:2::/64 nexthop via fd00:10::2 dev gre1 weight 3
ip route append fd00:2::/64 table 254 metric 1024 proto 205 nexthop via fd00:10::2 dev gre1 weight 3
# gre1: set sysctl net.ipv4.ip_forward to 1
tunorch_sysctl net/ipv4/ip_forward 1
# gre1: set sysctl net.ipv6.conf.all.forwarding to 1
tunorch_sysctl net/ipv6/conf/all/forwarding 1
# gre2: load module ip_gre
modprobe ip_gre
# gre2: add link gre2
ip link add name gre2 mtu 1472 group 205 type gre local 30.1.1.1 remote 30.1.1.2 ikey 2 okey 2 ttl 64 pmtudisc
ip link set dev gre2 alias tunorch:gre2,ip_forward=0,ipv6_forwarding=0
# gre2: set gre2 up
ip link set dev gre2 up
# gre2: add address 10.10.11.1 peer 10.10.11.2 to gre2
ip address add 10.10.11.1 peer 10.10.11.2 dev gre2
# gre2: add address fd00:11::1/64 to gre2
ip address add fd00:11::1/64 dev gre2
# gre2: add route 10.2.1.0/24 nexthop dev gre2 weight 1
tunorch_share join 10.2.1.0/24 254 0 205 gre2 gre1 3 gre2 1
# gre2: add route fd00:2::/64 nexthop via fd00:11::2 dev gre2 weight 1
ip route append fd00:2::/64 table 254 metric 1024 proto 205 nexthop via fd00:11::2 dev gre2 weight 1
# gre2: set sysctl net.ipv4.ip_forward to 1
tunorch_sysctl net/ipv4/ip_forward 1
# gre2: set sysctl net.ipv6.conf.all.forwarding to 1
tunorch_sysctl net/ipv6/conf/all/forwarding 1

# gre1: add route 10.2.1.0/24 nexthop dev gre1 weight 3
tunorch_share join 10.2.1.0/24 254 0 205 gre1 gre1 3 gre2 1
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
# gre2: add route fd00:2::/64 nexthop via fd00:11::2 dev gre2 weight 1, when the peer has done all before
ip route append fd00:2::/64 table 254 metric 1024 proto 205 nexthop via fd00:11::2 dev gre2 weight 1

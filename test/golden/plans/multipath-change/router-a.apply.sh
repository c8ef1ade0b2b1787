# gre1: change route 10.1.1.0/24 nexthop dev gre1 weight 3 to 10.1.1.0/24 nexthop dev gre1 weight 2
tunorch_share leave 10.1.1.0/24 254 0 205 gre1 gre1 3 gre2 1
tunorch_share join 10.1.1.0/24 254 0 205 gre1 gre1 2 gre2 1
# gre1: change route fd00:1::/64 nexthop via fd00:10::1 dev gre1 weight 3 to fd00:1::/64 nexthop via fd00:10::1 dev gre1 weight 2
ip route delete fd00:1::/64 via fd00:10::1 dev gre1 table 254 metric 1024 proto 205
ip route append fd00:1::/64 table 254 metric 1024 proto 205 nexthop via fd00:10::1 dev gre1 weight 2
# gre2: change link gre2: iseq, oseq
ip link change dev gre2 type gre local 30.1.1.2 remote 30.1.1.1 ikey 2 okey 2 ttl 64 pmtudisc iseq oseq
ip link set dev gre2 mtu 1472
# gre2: set mtu 1468 on gre2
ip link set dev gre2 mtu 1468

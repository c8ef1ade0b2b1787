# gre1: add route 10.1.1.0/24 nexthop dev gre1 weight 3, when the peer has done all before
tunorch_share join 10.1.1.0/24 254 0 205 gre1 gre1 3 gre2 1
# gre1: add route fd00:1::/64 nexthop via fd00:10::1 dev gre1 weight 3, when the peer has done all before
ip route append fd00:1::/64 table 254 metric 1024 proto 205 nexthop via fd00:10::1 dev gre1 weight 3

# gre2
ip link set dev gre2 mtu 1472
ip link change dev gre2 type gre local 30.1.1.1 remote 30.1.1.2 ikey 2 okey 2 ttl 64 pmtudisc noiseq nooseq
ip link set dev gre2 mtu 1472
# gre1
ip route delete fd00:2::/64 via fd00:10::2 dev gre1 table 254 metric 1024 proto 205
ip route append fd00:2::/64 table 254 metric 1024 proto 205 nexthop via fd00:10::2 dev gre1 weight 3
tunorch_share leave 10.2.1.0/24 254 0 205 gre1 gre1 2 gre2 1
tunorch_share join 10.2.1.0/24 254 0 205 gre1 gre1 3 gre2 1

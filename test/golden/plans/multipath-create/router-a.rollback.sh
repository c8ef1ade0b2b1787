# gre2
ip route delete fd00:1::/64 via fd00:11::1 dev gre2 table 254 metric 1024 proto 205
tunorch_share leave 10.1.1.0/24 254 0 205 gre2 gre1 3 gre2 1
tunorch_owned gre2 tunorch:gre2,ip_forward=0,ipv6_forwarding=0 && ip link delete dev gre2
tunorch_release ipv6_forwarding net/ipv6/conf/all/forwarding
tunorch_release ip_forward net/ipv4/ip_forward
# gre1
ip route delete fd00:1::/64 via fd00:10::1 dev gre1 table 254 metric 1024 proto 205
tunorch_share leave 10.1.1.0/24 254 0 205 gre1 gre1 3 gre2 1
tunorch_owned gre1 tunorch:gre1,ip_forward=0,ipv6_forwarding=0 && ip link delete dev gre1
tunorch_release ipv6_forwarding net/ipv6/conf/all/forwarding
tunorch_release ip_forward net/ipv4/ip_forward

# gre2
# gre1
ip route delete fd00:1::/64 via fd00:10::1 dev gre1 table 254 metric 1024 proto 205
tunorch_share leave 10.1.1.0/24 254 0 205 gre1 gre1 3 gre2 1

# gre2: delete link gre2
tunorch_share leave 10.1.1.0/24 254 0 205 gre2 gre1 3 gre2 1
ip link delete dev gre2
# gre2: set sysctl net.ipv4.ip_forward back to 0 once no tunnel needs it
tunorch_release ip_forward net/ipv4/ip_forward
# gre2: set sysctl net.ipv6.conf.all.forwarding back to 0 once no tunnel needs it
tunorch_release ipv6_forwarding net/ipv6/conf/all/forwarding

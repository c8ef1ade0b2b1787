# gre1
tunorch_owned gre1 tunorch:gre1,ip_forward=0,ipv6_forwarding=0 && ip link delete dev gre1
tunorch_release ipv6_forwarding net/ipv6/conf/all/forwarding
tunorch_release ip_forward net/ipv4/ip_forward

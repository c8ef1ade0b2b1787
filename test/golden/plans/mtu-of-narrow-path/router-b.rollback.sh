# gre1
tunorch_owned gre1 tunorch:gre1,path=1400,ip_forward=0 && ip link delete dev gre1
tunorch_release ip_forward net/ipv4/ip_forward

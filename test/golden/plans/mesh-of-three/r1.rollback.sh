# core-r2-r3
# core-r1-r3
tunorch_owned core-r3 tunorch:core-r1-r3,ip_forward=0 && ip link delete dev core-r3
tunorch_release ip_forward net/ipv4/ip_forward
# core-r1-r2
tunorch_owned core-r2 tunorch:core-r1-r2,ip_forward=0 && ip link delete dev core-r2
tunorch_release ip_forward net/ipv4/ip_forward

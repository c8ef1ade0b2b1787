# gre1: remove mss clamp from gre1
nft 'add table inet tunorch-gre1; delete table inet tunorch-gre1'
# gre1: delete link gre1
ip link delete dev gre1
# gre1: set sysctl net.ipv4.ip_forward back to 0 once no tunnel needs it
tunorch_release ip_forward net/ipv4/ip_forward

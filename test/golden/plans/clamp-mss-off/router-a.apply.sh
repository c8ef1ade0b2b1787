# gre1: mark gre1 as made by tunorch
ip link set dev gre1 alias tunorch:gre1,ip_forward=0
# gre1: remove mss clamp from gre1
nft 'add table inet tunorch-gre1; delete table inet tunorch-gre1'

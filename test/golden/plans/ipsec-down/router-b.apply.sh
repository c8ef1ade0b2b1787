# gre1: delete link gre1
ip link delete dev gre1
# gre1: remove policy in 30.1.1.2/32 to 30.1.1.1/32 proto 47
ip xfrm policy delete src 30.1.1.2/32 dst 30.1.1.1/32 proto 47 dir in
# gre1: remove policy out 30.1.1.1/32 to 30.1.1.2/32 proto 47
ip xfrm policy delete src 30.1.1.1/32 dst 30.1.1.2/32 proto 47 dir out
# gre1: remove old security associations in the end
# when nothing can be taken back any more
ip xfrm state delete src 30.1.1.1 dst 30.1.1.2 proto esp spi 0x1002
ip xfrm state delete src 30.1.1.2 dst 30.1.1.1 proto esp spi 0x1001

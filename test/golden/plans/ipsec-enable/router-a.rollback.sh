# gre1
ip link set dev gre1 mtu 1472
ip xfrm policy get src 30.1.1.1/32 dst 30.1.1.2/32 proto 47 dir in 2>/dev/null | grep -q 'reqid 4203776766 ' && ip xfrm policy delete src 30.1.1.1/32 dst 30.1.1.2/32 proto 47 dir in
ip xfrm policy get src 30.1.1.2/32 dst 30.1.1.1/32 proto 47 dir out 2>/dev/null | grep -q 'reqid 4203776766 ' && ip xfrm policy delete src 30.1.1.2/32 dst 30.1.1.1/32 proto 47 dir out
ip xfrm state delete src 30.1.1.2 dst 30.1.1.1 proto esp spi 0x1001
ip xfrm state delete src 30.1.1.1 dst 30.1.1.2 proto esp spi 0x1002

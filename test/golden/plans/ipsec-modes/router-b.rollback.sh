# six
tunorch_owned six tunorch:six && ip link delete dev six
ip xfrm policy get src ::/0 dst ::/0 dir fwd mark 44 2>/dev/null | grep -q 'reqid 3392145323 ' && ip xfrm policy delete src ::/0 dst ::/0 dir fwd mark 44
ip xfrm policy get src 0.0.0.0/0 dst 0.0.0.0/0 dir fwd mark 44 2>/dev/null | grep -q 'reqid 3392145323 ' && ip xfrm policy delete src 0.0.0.0/0 dst 0.0.0.0/0 dir fwd mark 44
ip xfrm policy get src ::/0 dst ::/0 dir in mark 44 2>/dev/null | grep -q 'reqid 3392145323 ' && ip xfrm policy delete src ::/0 dst ::/0 dir in mark 44
ip xfrm policy get src 0.0.0.0/0 dst 0.0.0.0/0 dir in mark 44 2>/dev/null | grep -q 'reqid 3392145323 ' && ip xfrm policy delete src 0.0.0.0/0 dst 0.0.0.0/0 dir in mark 44
ip xfrm policy get src ::/0 dst ::/0 dir out mark 44 2>/dev/null | grep -q 'reqid 3392145323 ' && ip xfrm policy delete src ::/0 dst ::/0 dir out mark 44
ip xfrm policy get src 0.0.0.0/0 dst 0.0.0.0/0 dir out mark 44 2>/dev/null | grep -q 'reqid 3392145323 ' && ip xfrm policy delete src 0.0.0.0/0 dst 0.0.0.0/0 dir out mark 44
ip xfrm state delete src fd00:30::1 dst fd00:30::2 proto esp spi 0x1032
ip xfrm state delete src fd00:30::2 dst fd00:30::1 proto esp spi 0x1031
# vti1
tunorch_owned vti1 tunorch:vti1 && ip link delete dev vti1
ip xfrm policy get src 0.0.0.0/0 dst 0.0.0.0/0 dir fwd mark 42 2>/dev/null | grep -q 'reqid 4054337281 ' && ip xfrm policy delete src 0.0.0.0/0 dst 0.0.0.0/0 dir fwd mark 42
ip xfrm policy get src 0.0.0.0/0 dst 0.0.0.0/0 dir in mark 42 2>/dev/null | grep -q 'reqid 4054337281 ' && ip xfrm policy delete src 0.0.0.0/0 dst 0.0.0.0/0 dir in mark 42
ip xfrm policy get src 0.0.0.0/0 dst 0.0.0.0/0 dir out mark 43 2>/dev/null | grep -q 'reqid 4054337281 ' && ip xfrm policy delete src 0.0.0.0/0 dst 0.0.0.0/0 dir out mark 43
ip xfrm state delete src 30.1.2.1 dst 30.1.2.2 proto esp spi 0x1022
ip xfrm state delete src 30.1.2.2 dst 30.1.2.1 proto esp spi 0x1021
# vx1
tunorch_owned vx1 tunorch:vx1 && ip link delete dev vx1
ip xfrm policy get src 30.1.1.2/32 dst 30.1.1.1/32 proto 17 dport 4789 dir in 2>/dev/null | grep -q 'reqid 3174877142 ' && ip xfrm policy delete src 30.1.1.2/32 dst 30.1.1.1/32 proto 17 dport 4789 dir in
ip xfrm policy get src 30.1.1.1/32 dst 30.1.1.2/32 proto 17 dport 4789 dir out 2>/dev/null | grep -q 'reqid 3174877142 ' && ip xfrm policy delete src 30.1.1.1/32 dst 30.1.1.2/32 proto 17 dport 4789 dir out
ip xfrm state delete src 30.1.1.1 dst 30.1.1.2 proto esp spi 0x1012
ip xfrm state delete src 30.1.1.2 dst 30.1.1.1 proto esp spi 0x1011
# sit1
tunorch_owned sit1 tunorch:sit1 && ip link delete dev sit1
ip xfrm policy get src 30.1.1.2/32 dst 30.1.1.1/32 proto 137 dir in 2>/dev/null | grep -q 'reqid 3952230442 ' && ip xfrm policy delete src 30.1.1.2/32 dst 30.1.1.1/32 proto 137 dir in
ip xfrm policy get src 30.1.1.2/32 dst 30.1.1.1/32 proto 41 dir in 2>/dev/null | grep -q 'reqid 3952230442 ' && ip xfrm policy delete src 30.1.1.2/32 dst 30.1.1.1/32 proto 41 dir in
ip xfrm policy get src 30.1.1.2/32 dst 30.1.1.1/32 proto 4 dir in 2>/dev/null | grep -q 'reqid 3952230442 ' && ip xfrm policy delete src 30.1.1.2/32 dst 30.1.1.1/32 proto 4 dir in
ip xfrm policy get src 30.1.1.1/32 dst 30.1.1.2/32 proto 137 dir out 2>/dev/null | grep -q 'reqid 3952230442 ' && ip xfrm policy delete src 30.1.1.1/32 dst 30.1.1.2/32 proto 137 dir out
ip xfrm policy get src 30.1.1.1/32 dst 30.1.1.2/32 proto 41 dir out 2>/dev/null | grep -q 'reqid 3952230442 ' && ip xfrm policy delete src 30.1.1.1/32 dst 30.1.1.2/32 proto 41 dir out
ip xfrm policy get src 30.1.1.1/32 dst 30.1.1.2/32 proto 4 dir out 2>/dev/null | grep -q 'reqid 3952230442 ' && ip xfrm policy delete src 30.1.1.1/32 dst 30.1.1.2/32 proto 4 dir out
ip xfrm state delete src 30.1.1.1 dst 30.1.1.2 proto esp spi 0x1002
ip xfrm state delete src 30.1.1.2 dst 30.1.1.1 proto esp spi 0x1001

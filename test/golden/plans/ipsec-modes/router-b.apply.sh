# sit1: load module sit
modprobe sit
# sit1: load module xfrm_user
modprobe xfrm_user
# sit1: load module esp4
modprobe esp4
# sit1: add security association from 30.1.1.2
ip xfrm state add src 30.1.1.2 dst 30.1.1.1 proto esp spi 0x1001 reqid 3952230442 mode transport replay-window 128 flag esn aead rfc4106(gcm(aes)) 0xkey-of-sit1-there 128 sel src 30.1.1.2 dst 30.1.1.1
# sit1: add security association to 30.1.1.2
ip xfrm state add src 30.1.1.1 dst 30.1.1.2 proto esp spi 0x1002 reqid 3952230442 mode transport replay-window 128 flag esn aead rfc4106(gcm(aes)) 0xkey-of-sit1-back 128 sel src 30.1.1.1 dst 30.1.1.2
# sit1: add policy out 30.1.1.1/32 to 30.1.1.2/32 proto 4
ip xfrm policy add src 30.1.1.1/32 dst 30.1.1.2/32 proto 4 dir out priority 205 tmpl src 30.1.1.1 dst 30.1.1.2 proto esp reqid 3952230442 mode transport
# sit1: add policy out 30.1.1.1/32 to 30.1.1.2/32 proto 41
ip xfrm policy add src 30.1.1.1/32 dst 30.1.1.2/32 proto 41 dir out priority 205 tmpl src 30.1.1.1 dst 30.1.1.2 proto esp reqid 3952230442 mode transport
# sit1: add policy out 30.1.1.1/32 to 30.1.1.2/32 proto 137
ip xfrm policy add src 30.1.1.1/32 dst 30.1.1.2/32 proto 137 dir out priority 205 tmpl src 30.1.1.1 dst 30.1.1.2 proto esp reqid 3952230442 mode transport
# sit1: add policy in 30.1.1.2/32 to 30.1.1.1/32 proto 4
ip xfrm policy add src 30.1.1.2/32 dst 30.1.1.1/32 proto 4 dir in priority 205 tmpl src 30.1.1.2 dst 30.1.1.1 proto esp reqid 3952230442 mode transport
# sit1: add policy in 30.1.1.2/32 to 30.1.1.1/32 proto 41
ip xfrm policy add src 30.1.1.2/32 dst 30.1.1.1/32 proto 41 dir in priority 205 tmpl src 30.1.1.2 dst 30.1.1.1 proto esp reqid 3952230442 mode transport
# sit1: add policy in 30.1.1.2/32 to 30.1.1.1/32 proto 137
ip xfrm policy add src 30.1.1.2/32 dst 30.1.1.1/32 proto 137 dir in priority 205 tmpl src 30.1.1.2 dst 30.1.1.1 proto esp reqid 3952230442 mode transport
# sit1: add link sit1
ip link add name sit1 mtu 1446 group 205 type sit mode any local 30.1.1.1 remote 30.1.1.2 ttl 64 pmtudisc
ip link set dev sit1 alias tunorch:sit1
# sit1: set sit1 up
ip link set dev sit1 up
# sit1: add address fd00:10::1 peer fd00:10::2 to sit1
ip address add fd00:10::1 peer fd00:10::2 dev sit1
# vx1: load module vxlan
modprobe vxlan
# vx1: load module xfrm_user
modprobe xfrm_user
# vx1: load module esp4
modprobe esp4
# vx1: add security association from 30.1.1.2
ip xfrm state add src 30.1.1.2 dst 30.1.1.1 proto esp spi 0x1011 reqid 3174877142 mode transport replay-window 128 flag esn aead rfc4106(gcm(aes)) 0xkey-of-vx1-there 128 sel src 30.1.1.2 dst 30.1.1.1 proto 17
# vx1: add security association to 30.1.1.2
ip xfrm state add src 30.1.1.1 dst 30.1.1.2 proto esp spi 0x1012 reqid 3174877142 mode transport replay-window 128 flag esn aead rfc4106(gcm(aes)) 0xkey-of-vx1-back 128 sel src 30.1.1.1 dst 30.1.1.2 proto 17
# vx1: add policy out 30.1.1.1/32 to 30.1.1.2/32 proto 17 port 4789
ip xfrm policy add src 30.1.1.1/32 dst 30.1.1.2/32 proto 17 dport 4789 dir out priority 205 tmpl src 30.1.1.1 dst 30.1.1.2 proto esp reqid 3174877142 mode transport
# vx1: add policy in 30.1.1.2/32 to 30.1.1.1/32 proto 17 port 4789
ip xfrm policy add src 30.1.1.2/32 dst 30.1.1.1/32 proto 17 dport 4789 dir in priority 205 tmpl src 30.1.1.2 dst 30.1.1.1 proto esp reqid 3174877142 mode transport
# vx1: add link vx1
ip link add name vx1 mtu 1416 group 205 type vxlan id 7 local 30.1.1.1 remote 30.1.1.2 ttl 64 learning dstport 4789
ip link set dev vx1 alias tunorch:vx1
# vx1: set vx1 up
ip link set dev vx1 up
# vx1: add address 10.10.11.1/24 to vx1
ip address add 10.10.11.1/24 dev vx1
# vti1: load module ip_vti
modprobe ip_vti
# vti1: load module xfrm_user
modprobe xfrm_user
# vti1: load module esp4
modprobe esp4
# vti1: add security association from 30.1.2.2
ip xfrm state add src 30.1.2.2 dst 30.1.2.1 proto esp spi 0x1021 reqid 4054337281 mode tunnel replay-window 128 flag esn aead rfc4106(gcm(aes)) 0xkey-of-vti1-there 128
# vti1: add security association to 30.1.2.2
ip xfrm state add src 30.1.2.1 dst 30.1.2.2 proto esp spi 0x1022 reqid 4054337281 mode tunnel replay-window 128 flag esn aead rfc4106(gcm(aes)) 0xkey-of-vti1-back 128
# vti1: add policy out 0.0.0.0/0 to 0.0.0.0/0 mark 43
ip xfrm policy add src 0.0.0.0/0 dst 0.0.0.0/0 dir out mark 43 priority 205 tmpl src 30.1.2.1 dst 30.1.2.2 proto esp reqid 4054337281 mode tunnel
# vti1: add policy in 0.0.0.0/0 to 0.0.0.0/0 mark 42
ip xfrm policy add src 0.0.0.0/0 dst 0.0.0.0/0 dir in mark 42 priority 205 tmpl src 30.1.2.2 dst 30.1.2.1 proto esp reqid 4054337281 mode tunnel
# vti1: add policy fwd 0.0.0.0/0 to 0.0.0.0/0 mark 42
ip xfrm policy add src 0.0.0.0/0 dst 0.0.0.0/0 dir fwd mark 42 priority 205 tmpl src 30.1.2.2 dst 30.1.2.1 proto esp reqid 4054337281 mode tunnel
# vti1: add link vti1
ip link add name vti1 mtu 1446 group 205 type vti local 30.1.2.1 remote 30.1.2.2 ikey 42 okey 43
ip link set dev vti1 alias tunorch:vti1
# vti1: set vti1 up
ip link set dev vti1 up
# vti1: add address 10.10.12.1 peer 10.10.12.2 to vti1
ip address add 10.10.12.1 peer 10.10.12.2 dev vti1
# six: load module ip6_vti
modprobe ip6_vti
# six: load module xfrm_user
modprobe xfrm_user
# six: load module esp6
modprobe esp6
# six: add security association from fd00:30::2
ip xfrm state add src fd00:30::2 dst fd00:30::1 proto esp spi 0x1031 reqid 3392145323 mode tunnel replay-window 128 flag esn af-unspec aead rfc4106(gcm(aes)) 0xkey-of-six-there 128
# six: add security association to fd00:30::2
ip xfrm state add src fd00:30::1 dst fd00:30::2 proto esp spi 0x1032 reqid 3392145323 mode tunnel replay-window 128 flag esn af-unspec aead rfc4106(gcm(aes)) 0xkey-of-six-back 128
# six: add policy out 0.0.0.0/0 to 0.0.0.0/0 mark 44
ip xfrm policy add src 0.0.0.0/0 dst 0.0.0.0/0 dir out mark 44 priority 205 tmpl src fd00:30::1 dst fd00:30::2 proto esp reqid 3392145323 mode tunnel
# six: add policy out ::/0 to ::/0 mark 44
ip xfrm policy add src ::/0 dst ::/0 dir out mark 44 priority 205 tmpl src fd00:30::1 dst fd00:30::2 proto esp reqid 3392145323 mode tunnel
# six: add policy in 0.0.0.0/0 to 0.0.0.0/0 mark 44
ip xfrm policy add src 0.0.0.0/0 dst 0.0.0.0/0 dir in mark 44 priority 205 tmpl src fd00:30::2 dst fd00:30::1 proto esp reqid 3392145323 mode tunnel
# six: add policy in ::/0 to ::/0 mark 44
ip xfrm policy add src ::/0 dst ::/0 dir in mark 44 priority 205 tmpl src fd00:30::2 dst fd00:30::1 proto esp reqid 3392145323 mode tunnel
# six: add policy fwd 0.0.0.0/0 to 0.0.0.0/0 mark 44
ip xfrm policy add src 0.0.0.0/0 dst 0.0.0.0/0 dir fwd mark 44 priority 205 tmpl src fd00:30::2 dst fd00:30::1 proto esp reqid 3392145323 mode tunnel
# six: add policy fwd ::/0 to ::/0 mark 44
ip xfrm policy add src ::/0 dst ::/0 dir fwd mark 44 priority 205 tmpl src fd00:30::2 dst fd00:30::1 proto esp reqid 3392145323 mode tunnel
# six: add link six
ip link add name six mtu 1426 group 205 type vti6 local fd00:30::1 remote fd00:30::2 ikey 44 okey 44
ip link set dev six alias tunorch:six
# six: set six up
ip link set dev six up
# six: add address 10.10.13.1 peer 10.10.13.2 to six
ip address add 10.10.13.1 peer 10.10.13.2 dev six
# six: add address fd00:13::1 peer fd00:13::2 to six
ip address add fd00:13::1 peer fd00:13::2 dev six

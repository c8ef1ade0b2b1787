# gre1: load module xfrm_user
modprobe xfrm_user
# gre1: load module esp4
modprobe esp4
# gre1: add security association from 30.1.1.1
ip xfrm state add src 30.1.1.1 dst 30.1.1.2 proto esp spi 0x1002 reqid 4203776766 mode transport replay-window 128 flag esn aead rfc4106(gcm(aes)) 0xkey-of-gre1-back 128 sel src 30.1.1.1 dst 30.1.1.2 proto 47
# gre1: add security association to 30.1.1.1
ip xfrm state add src 30.1.1.2 dst 30.1.1.1 proto esp spi 0x1001 reqid 4203776766 mode transport replay-window 128 flag esn aead rfc4106(gcm(aes)) 0xkey-of-gre1-there 128 sel src 30.1.1.2 dst 30.1.1.1 proto 47
# gre1: add policy out 30.1.1.2/32 to 30.1.1.1/32 proto 47, when the peer has done all before
ip xfrm policy add src 30.1.1.2/32 dst 30.1.1.1/32 proto 47 dir out priority 205 tmpl src 30.1.1.2 dst 30.1.1.1 proto esp reqid 4203776766 mode transport
# gre1: add policy in 30.1.1.1/32 to 30.1.1.2/32 proto 47, when the peer has done all before
ip xfrm policy add src 30.1.1.1/32 dst 30.1.1.2/32 proto 47 dir in priority 205 tmpl src 30.1.1.1 dst 30.1.1.2 proto esp reqid 4203776766 mode transport
# gre1: set mtu 1438 on gre1
ip link set dev gre1 mtu 1438

# gre1: add security association from 30.1.1.2
ip xfrm state add src 30.1.1.2 dst 30.1.1.1 proto esp spi 0x1003 reqid 4203776766 mode transport replay-window 128 flag esn aead rfc4106(gcm(aes)) 0xkey-of-gre1-there 128 sel src 30.1.1.2 dst 30.1.1.1 proto 47
# gre1: add security association to 30.1.1.2, when the peer has done all before
ip xfrm state add src 30.1.1.1 dst 30.1.1.2 proto esp spi 0x1004 reqid 4203776766 mode transport replay-window 128 flag esn aead rfc4106(gcm(aes)) 0xkey-of-gre1-back 128 sel src 30.1.1.1 dst 30.1.1.2 proto 47
# gre1: remove old security associations in the end
# when nothing can be taken back any more
ip xfrm state delete src 30.1.1.1 dst 30.1.1.2 proto esp spi 0x1002
ip xfrm state delete src 30.1.1.2 dst 30.1.1.1 proto esp spi 0x1001

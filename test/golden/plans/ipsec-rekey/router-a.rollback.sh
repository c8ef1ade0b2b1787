# gre1
ip xfrm state delete src 30.1.1.2 dst 30.1.1.1 proto esp spi 0x1003
ip xfrm state delete src 30.1.1.1 dst 30.1.1.2 proto esp spi 0x1004

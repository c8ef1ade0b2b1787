# gre1
ip xfrm policy add src 30.1.1.1/32 dst 30.1.1.2/32 proto 47 dir out priority 205 tmpl src 30.1.1.1 dst 30.1.1.2 proto esp reqid 4203776766 mode transport
ip xfrm policy add src 30.1.1.2/32 dst 30.1.1.1/32 proto 47 dir in priority 205 tmpl src 30.1.1.2 dst 30.1.1.1 proto esp reqid 4203776766 mode transport
ip link set dev gre1 mtu 1438

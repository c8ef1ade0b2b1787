# gre1
ip xfrm policy add src 30.1.1.2/32 dst 30.1.1.1/32 proto 47 dir out priority 205 tmpl src 30.1.1.2 dst 30.1.1.1 proto esp reqid 4203776766 mode transport
ip xfrm policy add src 30.1.1.1/32 dst 30.1.1.2/32 proto 47 dir in priority 205 tmpl src 30.1.1.1 dst 30.1.1.2 proto esp reqid 4203776766 mode transport
[ -e /sys/class/net/gre1 ] || { ip link add name gre1 mtu 1438 group 205 type gre local 30.1.1.2 remote 30.1.1.1 ikey 1 okey 1 ttl 64 pmtudisc && ip link set dev gre1 alias tunorch:gre1; }
ip link set dev gre1 up
ip address add 10.10.10.2 peer 10.10.10.1 dev gre1

# gre1
ip link set dev gre1 mtu 1472
ip address add fd00:10::2/64 dev gre1
ip link change dev gre1 type gre local 30.1.1.2 remote 30.1.1.1 ikey 1 okey 1 ttl 255 pmtudisc
ip link set dev gre1 mtu 1472

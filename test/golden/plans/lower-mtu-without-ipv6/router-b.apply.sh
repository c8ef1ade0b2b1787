# gre1: change link gre1: ttl
ip link change dev gre1 type gre local 30.1.1.1 remote 30.1.1.2 ikey 1 okey 1 ttl 64 pmtudisc
ip link set dev gre1 mtu 1472
# gre1: remove address fd00:10::1/64 from gre1
ip address delete fd00:10::1/64 dev gre1
# gre1: set mtu 1000 on gre1
ip link set dev gre1 mtu 1000

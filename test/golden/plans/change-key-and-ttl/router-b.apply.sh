# gre1: change link gre1: ikey, okey, ttl
ip link change dev gre1 type gre local 30.1.1.1 remote 30.1.1.2 ikey 77 okey 77 ttl 64 pmtudisc
ip link set dev gre1 mtu 1472

# gre1
tunorch_sysctl net/ipv4/ip_forward 1
[ -e /sys/class/net/gre1 ] || { ip link add name gre1 mtu 1472 group 205 type gre local 30.1.1.1 remote 30.1.1.2 ikey 1 okey 1 ttl 64 pmtudisc && ip link set dev gre1 alias tunorch:gre1,ip_forward=0; }
ip link set dev gre1 up
ip address add 10.10.10.1 peer 10.10.10.2 dev gre1
ip route add 10.2.1.0/24 dev gre1 table 254 metric 0 proto 205 scope link

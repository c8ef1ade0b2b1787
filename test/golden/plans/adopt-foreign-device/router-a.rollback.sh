# gre1
ip route delete 10.1.1.0/24 dev gre1 table 254 metric 0 proto 205
ip address delete 10.10.10.2 peer 10.10.10.1 dev gre1
ip link set dev gre1 down
ip link set dev gre1 alias ''
ip link set dev gre1 mtu 1400
ip link change dev gre1 type gre local 30.1.1.2 remote 30.1.1.1 ikey 1 okey 1 ttl 64 pmtudisc
ip link set dev gre1 mtu 1400
tunorch_release ip_forward net/ipv4/ip_forward

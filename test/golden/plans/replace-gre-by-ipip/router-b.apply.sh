# gre1: load module ipip
modprobe ipip
# gre1: delete link gre1 to replace it
ip link delete dev gre1
# gre1: add link gre1
ip link add name gre1 mtu 1480 group 205 type ipip mode ipip local 30.1.1.1 remote 30.1.1.2 ttl 64 pmtudisc
ip link set dev gre1 alias tunorch:gre1,ip_forward=0
# gre1: set gre1 up
ip link set dev gre1 up
# gre1: add address 10.10.10.1 peer 10.10.10.2 to gre1
ip address add 10.10.10.1 peer 10.10.10.2 dev gre1
# gre1: add route 10.2.1.0/24 dev gre1
ip route add 10.2.1.0/24 dev gre1 table 254 metric 0 proto 205

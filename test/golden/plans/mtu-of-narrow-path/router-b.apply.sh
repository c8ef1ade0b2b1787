# gre1: load module ip_gre
modprobe ip_gre
# gre1: add link gre1
ip link add name gre1 mtu 1372 group 205 type gre local 30.1.1.1 remote 30.1.1.2 ikey 1 okey 1 ttl 255 pmtudisc
ip link set dev gre1 alias tunorch:gre1,path=1400,ip_forward=0
# gre1: set gre1 up
ip link set dev gre1 up
# gre1: add address 10.10.10.1 peer 10.10.10.2 to gre1
ip address add 10.10.10.1 peer 10.10.10.2 dev gre1
# gre1: add route 10.2.1.0/24 dev gre1
ip route add 10.2.1.0/24 dev gre1 table 254 metric 0 proto 205
# gre1: set sysctl net.ipv4.ip_forward to 1
tunorch_sysctl net/ipv4/ip_forward 1

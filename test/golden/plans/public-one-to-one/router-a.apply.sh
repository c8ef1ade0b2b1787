# gre1: load module ip_gre
modprobe ip_gre
# gre1: add link gre1
ip link add name gre1 mtu 1476 group 205 type gre local 10.0.0.2 remote 30.1.1.1 ttl 64 pmtudisc
ip link set dev gre1 alias tunorch:gre1
# gre1: set gre1 up
ip link set dev gre1 up
# gre1: add address 10.10.10.2 peer 10.10.10.1 to gre1
ip address add 10.10.10.2 peer 10.10.10.1 dev gre1

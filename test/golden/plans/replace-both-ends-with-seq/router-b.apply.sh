# gre1: add link gre1
ip link add name gre1 mtu 1468 group 205 type gre local 30.1.1.1 remote 30.1.1.2 ikey 1 okey 1 ttl 64 pmtudisc iseq oseq
ip link set dev gre1 alias tunorch:gre1
# gre1: set gre1 up
ip link set dev gre1 up
# gre1: add address 10.10.1.1 peer 10.10.1.2 to gre1
ip address add 10.10.1.1 peer 10.10.1.2 dev gre1
# gre1: add address fd00:10:1::1/64 to gre1
ip address add fd00:10:1::1/64 dev gre1

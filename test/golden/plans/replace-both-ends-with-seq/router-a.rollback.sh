# gre1
tunorch_owned gre1 tunorch:gre1 && ip link delete dev gre1
[ -e /sys/class/net/gre1 ] || { ip link add name gre1 mtu 1468 group 205 type gre local 30.1.1.2 remote 30.1.1.1 ikey 1 okey 1 ttl 64 pmtudisc iseq oseq && ip link set dev gre1 alias tunorch:gre1; }
ip link set dev gre1 up
ip address add 10.10.1.2 peer 10.10.1.1 dev gre1
ip address add fd00:10:1::2/64 dev gre1

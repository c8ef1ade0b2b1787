# gre1
tunorch_owned gre1 tunorch:gre1,fou=6666:47 && ip link delete dev gre1
[ -e /sys/class/net/gre1 ] || { ip link add name gre1 mtu 1464 group 205 type gre local 10.0.0.2 remote 30.1.1.1 ikey 7 okey 7 ttl 64 pmtudisc encap fou encap-sport 5555 encap-dport 5555 noencap-csum encap-udp6-csum noencap-remcsum && ip link set dev gre1 alias tunorch:gre1,fou=5555:47; }
ip link set dev gre1 up
ip address add 10.10.10.2 peer 10.10.10.1 dev gre1
tunorch_close fou=6666:47 port 6666

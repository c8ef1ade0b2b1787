# ipip1
[ -e /sys/class/net/ipip1 ] || { ip link add name ipip1 mtu 1468 group 205 type ipip mode ipip local 10.0.0.2 remote 30.1.1.1 ttl 64 pmtudisc encap gue encap-sport 5556 encap-dport 5556 noencap-csum encap-udp6-csum noencap-remcsum && ip link set dev ipip1 alias tunorch:ipip1,fou=5556:gue; }
ip link set dev ipip1 up
ip address add 10.10.11.2 peer 10.10.11.1 dev ipip1

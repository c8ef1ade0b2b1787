# gre2
tunorch_sysctl net/ipv6/conf/all/forwarding 1
tunorch_sysctl net/ipv4/ip_forward 1
[ -e /sys/class/net/gre2 ] || { ip link add name gre2 mtu 1472 group 205 type gre local 30.1.1.2 remote 30.1.1.1 ikey 2 okey 2 ttl 64 pmtudisc && ip link set dev gre2 alias tunorch:gre2,ip_forward=0,ipv6_forwarding=0; }
ip link set dev gre2 up
ip address add 10.10.11.2 peer 10.10.11.1 dev gre2
ip address add fd00:11::2/64 dev gre2
tunorch_share join 10.1.1.0/24 254 0 205 gre2 gre1 3 gre2 1
ip route append fd00:1::/64 table 254 metric 1024 proto 205 nexthop via fd00:11::1 dev gre2 weight 1

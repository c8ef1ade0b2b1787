# gre1: load module ip_gre
modprobe ip_gre
# gre1: load module fou
modprobe fou
# gre1: receive on fou port 5555 for IP protocol 47
tunorch_listen port 5555 ipproto 47
# gre1: add link gre1
ip link add name gre1 mtu 1464 group 205 type gre local 30.1.1.1 remote 30.1.1.254 ikey 7 okey 7 ttl 64 pmtudisc encap fou encap-sport 5555 encap-dport 40010 noencap-csum encap-udp6-csum noencap-remcsum
ip link set dev gre1 alias tunorch:gre1,fou=5555:47
# gre1: set gre1 up, when the peer has done all before
ip link set dev gre1 up
# gre1: add address 10.10.10.1 peer 10.10.10.2 to gre1
ip address add 10.10.10.1 peer 10.10.10.2 dev gre1

# gre1: load module ip_gre
modprobe ip_gre
# gre1: load module fou
modprobe fou
# gre1: receive on fou port 5555 for IP protocol 47
tunorch_listen port 5555 ipproto 47
# gre1: add link gre1
ip link add name gre1 mtu 1464 group 205 type gre local 10.0.0.2 remote 30.1.1.1 ikey 7 okey 7 ttl 64 pmtudisc encap fou encap-sport 5555 encap-dport 5555 noencap-csum encap-udp6-csum noencap-remcsum
ip link set dev gre1 alias tunorch:gre1,fou=5555:47
# gre1: set gre1 up
ip link set dev gre1 up
# gre1: add address 10.10.10.2 peer 10.10.10.1 to gre1
ip address add 10.10.10.2 peer 10.10.10.1 dev gre1
# gre1: send to 10.10.10.1, for the router to open the port
tunorch_call gre1 10.10.10.1

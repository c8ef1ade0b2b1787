# gre1: receive on fou port 6666 for IP protocol 47
tunorch_listen port 6666 ipproto 47
# gre1: delete link gre1 to replace it
ip link delete dev gre1
# gre1: add link gre1
ip link add name gre1 mtu 1464 group 205 type gre local 30.1.1.1 remote 30.1.1.254 ikey 7 okey 7 ttl 64 pmtudisc encap fou encap-sport 6666 encap-dport 40010 noencap-csum encap-udp6-csum noencap-remcsum
ip link set dev gre1 alias tunorch:gre1,fou=6666:47
# gre1: set gre1 up, when the peer has done all before
ip link set dev gre1 up
# gre1: add address 10.10.10.1 peer 10.10.10.2 to gre1
ip address add 10.10.10.1 peer 10.10.10.2 dev gre1
# gre1: close fou port 5555 for IP protocol 47 once no tunnel needs it
# when nothing can be taken back any more
tunorch_close fou=5555:47 port 5555

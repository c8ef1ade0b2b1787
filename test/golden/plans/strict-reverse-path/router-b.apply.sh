# gre1: load module ip_gre
modprobe ip_gre
# gre1: add link gre1
ip link add name gre1 mtu 1472 group 205 type gre local 30.1.1.1 remote 30.1.1.2 ikey 1 okey 1 ttl 64 pmtudisc
ip link set dev gre1 alias tunorch:gre1
# gre1: set gre1 up
ip link set dev gre1 up
# gre1: add address 10.10.10.1 peer 10.10.10.2 to gre1
ip address add 10.10.10.1 peer 10.10.10.2 dev gre1
# gre1: add route 10.2.1.0/24 dev gre1
ip route add 10.2.1.0/24 dev gre1 table 254 metric 0 proto 205
# gre2: load module ip_gre
modprobe ip_gre
# gre2: add link gre2
ip link add name gre2 mtu 1472 group 205 type gre local 30.1.1.1 remote 30.1.1.2 ikey 2 okey 2 ttl 64 pmtudisc
ip link set dev gre2 alias tunorch:gre2
# gre2: set gre2 up
ip link set dev gre2 up
# gre2: add address 10.10.11.1 peer 10.10.11.2 to gre2
ip address add 10.10.11.1 peer 10.10.11.2 dev gre2
# gre2: set sysctl net.ipv4.conf.gre2.rp_filter to 2
tunorch_sysctl net/ipv4/conf/gre2/rp_filter 2
# gre2: add route 10.2.1.0/24 dev gre2 metric 20
ip route add 10.2.1.0/24 dev gre2 table 254 metric 20 proto 205

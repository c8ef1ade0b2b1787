# gre1
tunorch_sysctl net/ipv4/ip_forward 1
[ -e /sys/class/net/gre1 ] || { ip link add name gre1 mtu 1472 group 205 type gre local 30.1.1.2 remote 30.1.1.1 ikey 1 okey 1 ttl 255 pmtudisc && ip link set dev gre1 alias tunorch:gre1,mss=nft,ip_forward=0; }
ip link set dev gre1 up
ip address add 10.10.10.2 peer 10.10.10.1 dev gre1
ip route add 10.1.1.0/24 dev gre1 table 254 metric 0 proto 205 scope link
nft 'add table inet tunorch-gre1; delete table inet tunorch-gre1; add table inet tunorch-gre1; add chain inet tunorch-gre1 mss { type filter hook forward priority -150; policy accept; }; add rule inet tunorch-gre1 mss oifname "gre1" tcp flags & (syn|rst) == syn tcp option maxseg size set rt mtu comment "tunorch:gre1 mss=auto"; add rule inet tunorch-gre1 mss iifname "gre1" tcp flags & (syn|rst) == syn tcp option maxseg size set rt mtu comment "tunorch:gre1 mss=auto"'

# core-r1-r3: load module ip_gre
modprobe ip_gre
# core-r1-r3: add link core-r1
ip link add name core-r1 mtu 1472 group 205 type gre local 30.1.1.3 remote 30.1.1.1 ikey 2 okey 2 ttl 64 pmtudisc
ip link set dev core-r1 alias tunorch:core-r1-r3
# core-r1-r3: set core-r1 up
ip link set dev core-r1 up
# core-r1-r3: add address 10.99.0.3/31 to core-r1
ip address add 10.99.0.3/31 dev core-r1
# core-r1-r3: add route 10.1.0.0/16 dev core-r1
ip route add 10.1.0.0/16 dev core-r1 table 254 metric 0 proto 205
# core-r2-r3: load module ip_gre
modprobe ip_gre
# core-r2-r3: add link core-r2
ip link add name core-r2 mtu 1472 group 205 type gre local 30.1.1.3 remote 30.1.1.2 ikey 3 okey 3 ttl 64 pmtudisc
ip link set dev core-r2 alias tunorch:core-r2-r3
# core-r2-r3: set core-r2 up
ip link set dev core-r2 up
# core-r2-r3: add address 10.99.0.5/31 to core-r2
ip address add 10.99.0.5/31 dev core-r2

# core-r1-r2: load module ip_gre
modprobe ip_gre
# core-r1-r2: add link core-r1
ip link add name core-r1 mtu 1472 group 205 type gre local 30.1.1.2 remote 30.1.1.1 ikey 1 okey 1 ttl 64 pmtudisc
ip link set dev core-r1 alias tunorch:core-r1-r2
# core-r1-r2: set core-r1 up
ip link set dev core-r1 up
# core-r1-r2: add address 10.99.0.1/31 to core-r1
ip address add 10.99.0.1/31 dev core-r1
# core-r1-r2: add route 10.1.0.0/16 dev core-r1
ip route add 10.1.0.0/16 dev core-r1 table 254 metric 0 proto 205
# core-r2-r3: load module ip_gre
modprobe ip_gre
# core-r2-r3: add link core-r3
ip link add name core-r3 mtu 1472 group 205 type gre local 30.1.1.2 remote 30.1.1.3 ikey 3 okey 3 ttl 64 pmtudisc
ip link set dev core-r3 alias tunorch:core-r2-r3
# core-r2-r3: set core-r3 up
ip link set dev core-r3 up
# core-r2-r3: add address 10.99.0.4/31 to core-r3
ip address add 10.99.0.4/31 dev core-r3

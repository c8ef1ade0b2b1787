# core-r1-r2: load module ip_gre
modprobe ip_gre
# core-r1-r2: add link core-r2
ip link add name core-r2 mtu 1472 group 205 type gre local 30.1.1.1 remote 30.1.1.2 ikey 1 okey 1 ttl 64 pmtudisc
ip link set dev core-r2 alias tunorch:core-r1-r2,ip_forward=0
# core-r1-r2: set core-r2 up
ip link set dev core-r2 up
# core-r1-r2: add address 10.99.0.0/31 to core-r2
ip address add 10.99.0.0/31 dev core-r2
# core-r1-r2: set sysctl net.ipv4.ip_forward to 1
tunorch_sysctl net/ipv4/ip_forward 1
# core-r1-r3: load module ip_gre
modprobe ip_gre
# core-r1-r3: add link core-r3
ip link add name core-r3 mtu 1472 group 205 type gre local 30.1.1.1 remote 30.1.1.3 ikey 2 okey 2 ttl 64 pmtudisc
ip link set dev core-r3 alias tunorch:core-r1-r3,ip_forward=0
# core-r1-r3: set core-r3 up
ip link set dev core-r3 up
# core-r1-r3: add address 10.99.0.2/31 to core-r3
ip address add 10.99.0.2/31 dev core-r3
# core-r1-r3: set sysctl net.ipv4.ip_forward to 1
tunorch_sysctl net/ipv4/ip_forward 1

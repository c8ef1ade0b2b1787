# gre1
ip route delete 10.2.1.0/24 dev gre1 table 254 metric 0 proto 205
ip link set dev gre1 down

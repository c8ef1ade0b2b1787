# gre1: set gre1 up
ip link set dev gre1 up
# gre1: add route 10.2.1.0/24 dev gre1
ip route add 10.2.1.0/24 dev gre1 table 254 metric 0 proto 205

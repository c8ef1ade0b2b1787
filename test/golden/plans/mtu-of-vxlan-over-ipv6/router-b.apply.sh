# vxlan1: load module vxlan
modprobe vxlan
# vxlan1: add link vxlan1
ip link add name vxlan1 mtu 1430 group 205 type vxlan id 42 local fd00:30::1 remote fd00:30::2 ttl 64 learning dstport 8472
ip link set dev vxlan1 alias tunorch:vxlan1
# vxlan1: set vxlan1 up
ip link set dev vxlan1 up
# vxlan1: add address 10.10.1.1 peer 10.10.1.2 to vxlan1
ip address add 10.10.1.1 peer 10.10.1.2 dev vxlan1
# vxlan1: add address fd00:10:1::1/64 to vxlan1
ip address add fd00:10:1::1/64 dev vxlan1 nodad

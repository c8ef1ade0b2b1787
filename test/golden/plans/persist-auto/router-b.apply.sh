# gre1: load module ip_gre
modprobe ip_gre
# gre1: add link gre1
ip link add name gre1 mtu 1472 group 205 type gre local 30.1.1.1 remote 30.1.1.2 ikey 1 okey 1 ttl 64 pmtudisc
ip link set dev gre1 alias tunorch:gre1
# gre1: set gre1 up
ip link set dev gre1 up
# gre1: add address 10.10.10.1 peer 10.10.10.2 to gre1
ip address add 10.10.10.1 peer 10.10.10.2 dev gre1
# gre1: write /etc/modules-load.d/tunorch-gre1.conf
tunorch_write /etc/modules-load.d/.tunorch-gre1.conf.tunorch-new 644 '# made by tunorch for the tunnel gre1 on router-b: do not edit, the next run would undo it
ip_gre
'
# gre1: write /etc/network/interfaces.d/tunorch-gre1
tunorch_write /etc/network/interfaces.d/.tunorch-gre1.tunorch-new 644 '# made by tunorch for the tunnel gre1 on router-b: do not edit, the next run would undo it
auto gre1
iface gre1 inet manual
    pre-up [ -e /sys/class/net/gre1 ] || { ip link add name gre1 mtu 1472 group 205 type gre local 30.1.1.1 remote 30.1.1.2 ikey 1 okey 1 ttl 64 pmtudisc && ip link set dev gre1 alias tunorch:gre1 && ip link set dev gre1 up && ip address add 10.10.10.1 peer 10.10.10.2 dev gre1; }
    post-down ! [ -e /sys/class/net/gre1 ] || ip link delete dev gre1
'
# gre2: load module ip_gre
modprobe ip_gre
# gre2: add link gre2
ip link add name gre2 mtu 1468 group 205 type gre local 30.1.1.1 remote 30.1.1.2 ikey 2 okey 2 ttl 64 pmtudisc icsum ocsum
ip link set dev gre2 alias tunorch:gre2
# gre2: set gre2 up
ip link set dev gre2 up
# gre2: add address 10.10.20.1 peer 10.10.20.2 to gre2
ip address add 10.10.20.1 peer 10.10.20.2 dev gre2
# gre2: write /etc/modules-load.d/tunorch-gre2.conf
tunorch_write /etc/modules-load.d/.tunorch-gre2.conf.tunorch-new 644 '# made by tunorch for the tunnel gre2 on router-b: do not edit, the next run would undo it
ip_gre
'
# gre2: write /etc/network/interfaces.d/tunorch-gre2
tunorch_write /etc/network/interfaces.d/.tunorch-gre2.tunorch-new 644 '# made by tunorch for the tunnel gre2 on router-b: do not edit, the next run would undo it
auto gre2
iface gre2 inet manual
    pre-up [ -e /sys/class/net/gre2 ] || { ip link add name gre2 mtu 1468 group 205 type gre local 30.1.1.1 remote 30.1.1.2 ikey 2 okey 2 ttl 64 pmtudisc icsum ocsum && ip link set dev gre2 alias tunorch:gre2 && ip link set dev gre2 up && ip address add 10.10.20.1 peer 10.10.20.2 dev gre2; }
    post-down ! [ -e /sys/class/net/gre2 ] || ip link delete dev gre2
'
# when nothing can be taken back any more
tunorch_put /etc/modules-load.d/.tunorch-gre1.conf.tunorch-new /etc/modules-load.d/tunorch-gre1.conf
tunorch_put /etc/network/interfaces.d/.tunorch-gre1.tunorch-new /etc/network/interfaces.d/tunorch-gre1
tunorch_put /etc/modules-load.d/.tunorch-gre2.conf.tunorch-new /etc/modules-load.d/tunorch-gre2.conf
tunorch_put /etc/network/interfaces.d/.tunorch-gre2.tunorch-new /etc/network/interfaces.d/tunorch-gre2

# networkd1: load module ip_gre
modprobe ip_gre
# networkd1: add link networkd1
ip link add name networkd1 mtu 1400 group 205 type gre local 30.1.1.1 remote 30.1.1.2 ikey 1 okey 1 ttl 64 tos 10 pmtudisc iseq oseq
ip link set dev networkd1 alias tunorch:networkd1
# networkd1: set networkd1 up
ip link set dev networkd1 up
# networkd1: add address 10.10.1.1 peer 10.10.1.2 to networkd1
ip address add 10.10.1.1 peer 10.10.1.2 dev networkd1
# networkd1: add address fd00:1::1/64 to networkd1
ip address add fd00:1::1/64 dev networkd1
# networkd1: add route 10.2.1.0/24 dev networkd1
ip route add 10.2.1.0/24 dev networkd1 table 254 metric 0 proto 205
# networkd1: write /etc/modules-load.d/tunorch-networkd1.conf
tunorch_write /etc/modules-load.d/.tunorch-networkd1.conf.tunorch-new 644 '# made by tunorch for the tunnel networkd1 on router-b: do not edit, the next run would undo it
ip_gre
'
# networkd1: write /etc/udev/rules.d/90-tunorch-networkd1.rules
tunorch_write /etc/udev/rules.d/.90-tunorch-networkd1.rules.tunorch-new 644 '# made by tunorch for the tunnel networkd1 on router-b: do not edit, the next run would undo it
SUBSYSTEM=="net", KERNEL=="networkd1", IMPORT{db}="TUNORCH"
ACTION=="add", SUBSYSTEM=="net", KERNEL=="networkd1", ATTR{netdev_group}=="0", ENV{TUNORCH}="boot", ATTR{ifalias}="tunorch:networkd1", ATTR{netdev_group}="205"
SUBSYSTEM=="net", KERNEL=="networkd1", ENV{TUNORCH}!="boot", ENV{NM_UNMANAGED}="1"
'
# networkd1: write /etc/systemd/network/50-tunorch-networkd1.network
tunorch_write /etc/systemd/network/.50-tunorch-networkd1.network.tunorch-new 644 '# made by tunorch for the tunnel networkd1 on router-b: do not edit, the next run would undo it
[Match]
Name=networkd1
Property=TUNORCH=boot

[Link]
RequiredForOnline=no

[Network]
LinkLocalAddressing=ipv6
IPv6AcceptRA=no
ConfigureWithoutCarrier=yes

[Address]
Address=10.10.1.1/32
Peer=10.10.1.2/32
Broadcast=no

[Address]
Address=fd00:1::1/64

[Route]
Destination=10.2.1.0/24
Table=254
Metric=0
Protocol=205
Scope=link
'
# networkd1: write /etc/systemd/network/50-tunorch-networkd1.netdev
tunorch_write /etc/systemd/network/.50-tunorch-networkd1.netdev.tunorch-new 644 '# made by tunorch for the tunnel networkd1 on router-b: do not edit, the next run would undo it
[NetDev]
Name=networkd1
Kind=gre
MTUBytes=1400

[Tunnel]
Independent=yes
Local=30.1.1.1
Remote=30.1.1.2
TOS=16
InputKey=1
OutputKey=1
TTL=64
DiscoverPathMTU=yes
SerializeTunneledPackets=yes
'
# netplan1: load module vxlan
modprobe vxlan
# netplan1: add link netplan1
ip link add name netplan1 mtu 1450 group 205 type vxlan id 7 local 30.1.1.1 remote 30.1.1.2 ttl 64 learning dstport 4789
ip link set dev netplan1 alias tunorch:netplan1
# netplan1: set netplan1 up
ip link set dev netplan1 up
# netplan1: add address 10.10.2.1/24 to netplan1
ip address add 10.10.2.1/24 dev netplan1
# netplan1: write /etc/modules-load.d/tunorch-netplan1.conf
tunorch_write /etc/modules-load.d/.tunorch-netplan1.conf.tunorch-new 644 '# made by tunorch for the tunnel netplan1 on router-b: do not edit, the next run would undo it
vxlan
'
# netplan1: write /etc/udev/rules.d/90-tunorch-netplan1.rules
tunorch_write /etc/udev/rules.d/.90-tunorch-netplan1.rules.tunorch-new 644 '# made by tunorch for the tunnel netplan1 on router-b: do not edit, the next run would undo it
SUBSYSTEM=="net", KERNEL=="netplan1", IMPORT{db}="TUNORCH"
ACTION=="add", SUBSYSTEM=="net", KERNEL=="netplan1", ATTR{netdev_group}=="0", ENV{TUNORCH}="boot", ATTR{ifalias}="tunorch:netplan1", ATTR{netdev_group}="205"
SUBSYSTEM=="net", KERNEL=="netplan1", ENV{TUNORCH}!="boot", ENV{NM_UNMANAGED}="1"
'
# netplan1: write /etc/systemd/network/10-netplan-netplan1.network.d/tunorch.conf
tunorch_write /etc/systemd/network/10-netplan-netplan1.network.d/.tunorch.conf.tunorch-new 644 '# made by tunorch for the tunnel netplan1 on router-b: do not edit, the next run would undo it
[Match]
Property=TUNORCH=boot

[Link]
RequiredForOnline=no

[Network]
LinkLocalAddressing=ipv6
IPv6AcceptRA=no
ConfigureWithoutCarrier=yes

[Address]
Address=10.10.2.1/24
Broadcast=no
'
# netplan1: write /etc/systemd/network/10-netplan-netplan1.netdev.d/tunorch.conf
tunorch_write /etc/systemd/network/10-netplan-netplan1.netdev.d/.tunorch.conf.tunorch-new 644 '# made by tunorch for the tunnel netplan1 on router-b: do not edit, the next run would undo it
[NetDev]
MTUBytes=1450

[VXLAN]
Independent=yes
UDPChecksum=yes
VNI=7
Local=30.1.1.1
Remote=30.1.1.2
DestinationPort=4789
TTL=64
'
# netplan1: write /etc/netplan/90-tunorch-netplan1.yaml
tunorch_write /etc/netplan/.90-tunorch-netplan1.yaml.tunorch-new 600 '# made by tunorch for the tunnel netplan1 on router-b: do not edit, the next run would undo it
network:
  version: 2
  tunnels:
    "netplan1":
      renderer: networkd
      mode: vxlan
      local: "30.1.1.1"
      remote: "30.1.1.2"
      id: 7
      optional: true
      link-local: []
'
# netplan1: have netplan check /etc/netplan/90-tunorch-netplan1.yaml
tunorch_netplan /etc/netplan/.90-tunorch-netplan1.yaml.tunorch-new /etc/netplan/90-tunorch-netplan1.yaml
# manager1: load module ip_gre
modprobe ip_gre
# manager1: add link manager1
ip link add name manager1 mtu 1400 group 205 type gre local 30.1.1.1 remote 30.1.1.2 ikey 3 okey 3 ttl 64 pmtudisc
ip link set dev manager1 alias tunorch:manager1
# manager1: set manager1 up
ip link set dev manager1 up
# manager1: add address 10.10.3.1 peer 10.10.3.2 to manager1
ip address add 10.10.3.1 peer 10.10.3.2 dev manager1
# manager1: add route 10.2.3.0/24 dev manager1
ip route add 10.2.3.0/24 dev manager1 table 254 metric 0 proto 205
# manager1: write /etc/modules-load.d/tunorch-manager1.conf
tunorch_write /etc/modules-load.d/.tunorch-manager1.conf.tunorch-new 644 '# made by tunorch for the tunnel manager1 on router-b: do not edit, the next run would undo it
ip_gre
'
# manager1: write /etc/udev/rules.d/90-tunorch-manager1.rules
tunorch_write /etc/udev/rules.d/.90-tunorch-manager1.rules.tunorch-new 644 '# made by tunorch for the tunnel manager1 on router-b: do not edit, the next run would undo it
SUBSYSTEM=="net", KERNEL=="manager1", IMPORT{db}="TUNORCH"
ACTION=="add", SUBSYSTEM=="net", KERNEL=="manager1", ATTR{netdev_group}=="0", ENV{TUNORCH}="boot", ATTR{ifalias}="tunorch:manager1", ATTR{netdev_group}="205"
SUBSYSTEM=="net", KERNEL=="manager1", ENV{TUNORCH}!="boot", ENV{NM_UNMANAGED}="1"
'
# manager1: write /etc/NetworkManager/dispatcher.d/90-tunorch-manager1
tunorch_write /etc/NetworkManager/dispatcher.d/.90-tunorch-manager1.tunorch-new 755 '#!/bin/sh
# made by tunorch for the tunnel manager1 on router-b: do not edit, the next run would undo it
[ "$1 $2" = '\''manager1 up'\'' ] || exit 0
ip link set dev manager1 mtu 1400
ip link set dev manager1 up
ip address add 10.10.3.1 peer 10.10.3.2 dev manager1
ip route add 10.2.3.0/24 dev manager1 table 254 metric 0 proto 205
'
# manager1: write /etc/NetworkManager/system-connections/tunorch-manager1.nmconnection
tunorch_write /etc/NetworkManager/system-connections/.tunorch-manager1.nmconnection.tunorch-new 600 '# made by tunorch for the tunnel manager1 on router-b: do not edit, the next run would undo it
[connection]
id=tunorch manager1
type=ip-tunnel
interface-name=manager1

[ip-tunnel]
mode=2
mtu=1400
local=30.1.1.1
remote=30.1.1.2
input-key=3
output-key=3
ttl=64
path-mtu-discovery=true

[ipv4]
method=disabled

[ipv6]
method=ignore
'
# manager1: nmcli connection reload in the end
# interfaces1: load module ip_gre
modprobe ip_gre
# interfaces1: add link gre4.b
ip link add name gre4.b mtu 1468 group 205 type gre local 30.1.1.1 remote 30.1.1.2 ikey 4 okey 4 ttl 64 pmtudisc icsum ocsum
ip link set dev gre4.b alias tunorch:interfaces1
# interfaces1: set gre4.b up
ip link set dev gre4.b up
# interfaces1: add address 10.10.4.1 peer 10.10.4.2 to gre4.b
ip address add 10.10.4.1 peer 10.10.4.2 dev gre4.b
# interfaces1: write /etc/modules-load.d/tunorch-gre4.b.conf
tunorch_write /etc/modules-load.d/.tunorch-gre4.b.conf.tunorch-new 644 '# made by tunorch for the tunnel interfaces1 on router-b: do not edit, the next run would undo it
ip_gre
'
# interfaces1: write /etc/network/interfaces.d/tunorch-gre4_b
tunorch_write /etc/network/interfaces.d/.tunorch-gre4_b.tunorch-new 644 '# made by tunorch for the tunnel interfaces1 on router-b: do not edit, the next run would undo it
auto gre4.b
iface gre4.b inet manual
    pre-up [ -e /sys/class/net/gre4.b ] || { ip link add name gre4.b mtu 1468 group 205 type gre local 30.1.1.1 remote 30.1.1.2 ikey 4 okey 4 ttl 64 pmtudisc icsum ocsum && ip link set dev gre4.b alias tunorch:interfaces1 && ip link set dev gre4.b up && ip address add 10.10.4.1 peer 10.10.4.2 dev gre4.b; }
    post-down ! [ -e /sys/class/net/gre4.b ] || ip link delete dev gre4.b
'
# when nothing can be taken back any more
tunorch_put /etc/modules-load.d/.tunorch-networkd1.conf.tunorch-new /etc/modules-load.d/tunorch-networkd1.conf
tunorch_put /etc/udev/rules.d/.90-tunorch-networkd1.rules.tunorch-new /etc/udev/rules.d/90-tunorch-networkd1.rules
tunorch_put /etc/systemd/network/.50-tunorch-networkd1.network.tunorch-new /etc/systemd/network/50-tunorch-networkd1.network
tunorch_put /etc/systemd/network/.50-tunorch-networkd1.netdev.tunorch-new /etc/systemd/network/50-tunorch-networkd1.netdev
tunorch_put /etc/modules-load.d/.tunorch-netplan1.conf.tunorch-new /etc/modules-load.d/tunorch-netplan1.conf
tunorch_put /etc/udev/rules.d/.90-tunorch-netplan1.rules.tunorch-new /etc/udev/rules.d/90-tunorch-netplan1.rules
tunorch_put /etc/systemd/network/10-netplan-netplan1.network.d/.tunorch.conf.tunorch-new /etc/systemd/network/10-netplan-netplan1.network.d/tunorch.conf
tunorch_put /etc/systemd/network/10-netplan-netplan1.netdev.d/.tunorch.conf.tunorch-new /etc/systemd/network/10-netplan-netplan1.netdev.d/tunorch.conf
tunorch_put /etc/netplan/.90-tunorch-netplan1.yaml.tunorch-new /etc/netplan/90-tunorch-netplan1.yaml
tunorch_put /etc/modules-load.d/.tunorch-manager1.conf.tunorch-new /etc/modules-load.d/tunorch-manager1.conf
tunorch_put /etc/udev/rules.d/.90-tunorch-manager1.rules.tunorch-new /etc/udev/rules.d/90-tunorch-manager1.rules
tunorch_put /etc/NetworkManager/dispatcher.d/.90-tunorch-manager1.tunorch-new /etc/NetworkManager/dispatcher.d/90-tunorch-manager1
tunorch_put /etc/NetworkManager/system-connections/.tunorch-manager1.nmconnection.tunorch-new /etc/NetworkManager/system-connections/tunorch-manager1.nmconnection
tunorch_reload nmcli connection reload
tunorch_put /etc/modules-load.d/.tunorch-gre4.b.conf.tunorch-new /etc/modules-load.d/tunorch-gre4.b.conf
tunorch_put /etc/network/interfaces.d/.tunorch-gre4_b.tunorch-new /etc/network/interfaces.d/tunorch-gre4_b

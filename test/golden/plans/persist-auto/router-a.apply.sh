# gre1: load module ip_gre
modprobe ip_gre
# gre1: add link gre1
ip link add name gre1 mtu 1472 group 205 type gre local 30.1.1.2 remote 30.1.1.1 ikey 1 okey 1 ttl 64 pmtudisc
ip link set dev gre1 alias tunorch:gre1
# gre1: set gre1 up
ip link set dev gre1 up
# gre1: add address 10.10.10.2 peer 10.10.10.1 to gre1
ip address add 10.10.10.2 peer 10.10.10.1 dev gre1
# gre1: write /etc/modules-load.d/tunorch-gre1.conf
tunorch_write /etc/modules-load.d/.tunorch-gre1.conf.tunorch-new 644 '# made by tunorch for the tunnel gre1 on router-a: do not edit, the next run would undo it
ip_gre
'
# gre1: write /etc/udev/rules.d/90-tunorch-gre1.rules
tunorch_write /etc/udev/rules.d/.90-tunorch-gre1.rules.tunorch-new 644 '# made by tunorch for the tunnel gre1 on router-a: do not edit, the next run would undo it
SUBSYSTEM=="net", KERNEL=="gre1", IMPORT{db}="TUNORCH"
ACTION=="add", SUBSYSTEM=="net", KERNEL=="gre1", ATTR{netdev_group}=="0", ENV{TUNORCH}="boot", ATTR{ifalias}="tunorch:gre1", ATTR{netdev_group}="205"
SUBSYSTEM=="net", KERNEL=="gre1", ENV{TUNORCH}!="boot", ENV{NM_UNMANAGED}="1"
'
# gre1: write /etc/systemd/network/50-tunorch-gre1.network
tunorch_write /etc/systemd/network/.50-tunorch-gre1.network.tunorch-new 644 '# made by tunorch for the tunnel gre1 on router-a: do not edit, the next run would undo it
[Match]
Name=gre1
Property=TUNORCH=boot

[Link]
RequiredForOnline=no

[Network]
LinkLocalAddressing=ipv6
IPv6AcceptRA=no
ConfigureWithoutCarrier=yes

[Address]
Address=10.10.10.2/32
Peer=10.10.10.1/32
Broadcast=no
'
# gre1: write /etc/systemd/network/50-tunorch-gre1.netdev
tunorch_write /etc/systemd/network/.50-tunorch-gre1.netdev.tunorch-new 644 '# made by tunorch for the tunnel gre1 on router-a: do not edit, the next run would undo it
[NetDev]
Name=gre1
Kind=gre
MTUBytes=1472

[Tunnel]
Independent=yes
Local=30.1.1.2
Remote=30.1.1.1
InputKey=1
OutputKey=1
TTL=64
DiscoverPathMTU=yes
'
# gre2: load module ip_gre
modprobe ip_gre
# gre2: add link gre2
ip link add name gre2 mtu 1468 group 205 type gre local 30.1.1.2 remote 30.1.1.1 ikey 2 okey 2 ttl 64 pmtudisc icsum ocsum
ip link set dev gre2 alias tunorch:gre2
# gre2: set gre2 up
ip link set dev gre2 up
# gre2: add address 10.10.20.2 peer 10.10.20.1 to gre2
ip address add 10.10.20.2 peer 10.10.20.1 dev gre2
# gre2: write /etc/modules-load.d/tunorch-gre2.conf
tunorch_write /etc/modules-load.d/.tunorch-gre2.conf.tunorch-new 644 '# made by tunorch for the tunnel gre2 on router-a: do not edit, the next run would undo it
ip_gre
'
# gre2: write /etc/systemd/system/tunorch-gre2.service
tunorch_write /etc/systemd/system/.tunorch-gre2.service.tunorch-new 644 '# made by tunorch for the tunnel gre2 on router-a: do not edit, the next run would undo it
[Unit]
Description=Tunnel gre2 of tunorch
ConditionPathExists=!/sys/class/net/gre2
Wants=network.target
After=network-pre.target systemd-modules-load.service systemd-sysctl.service
Before=network.target

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/bin/env ip link add name gre2 mtu 1468 group 205 type gre local 30.1.1.2 remote 30.1.1.1 ikey 2 okey 2 ttl 64 pmtudisc icsum ocsum
ExecStart=/usr/bin/env ip link set dev gre2 alias tunorch:gre2
ExecStart=/usr/bin/env ip link set dev gre2 up
ExecStart=/usr/bin/env ip address add 10.10.20.2 peer 10.10.20.1 dev gre2

[Install]
WantedBy=multi-user.target
'
# gre2: write /etc/systemd/system/multi-user.target.wants/tunorch-gre2.service
tunorch_link /etc/systemd/system/multi-user.target.wants/.tunorch-gre2.service.tunorch-new /etc/systemd/system/tunorch-gre2.service
# gre2: systemctl daemon-reload in the end
# when nothing can be taken back any more
tunorch_put /etc/modules-load.d/.tunorch-gre1.conf.tunorch-new /etc/modules-load.d/tunorch-gre1.conf
tunorch_put /etc/udev/rules.d/.90-tunorch-gre1.rules.tunorch-new /etc/udev/rules.d/90-tunorch-gre1.rules
tunorch_put /etc/systemd/network/.50-tunorch-gre1.network.tunorch-new /etc/systemd/network/50-tunorch-gre1.network
tunorch_put /etc/systemd/network/.50-tunorch-gre1.netdev.tunorch-new /etc/systemd/network/50-tunorch-gre1.netdev
tunorch_put /etc/modules-load.d/.tunorch-gre2.conf.tunorch-new /etc/modules-load.d/tunorch-gre2.conf
tunorch_put /etc/systemd/system/.tunorch-gre2.service.tunorch-new /etc/systemd/system/tunorch-gre2.service
tunorch_put /etc/systemd/system/multi-user.target.wants/.tunorch-gre2.service.tunorch-new /etc/systemd/system/multi-user.target.wants/tunorch-gre2.service
tunorch_reload systemctl daemon-reload

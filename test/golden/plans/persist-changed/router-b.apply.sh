# gre1: change link gre1: ikey, okey
ip link change dev gre1 type gre local 30.1.1.1 remote 30.1.1.2 ikey 2 okey 2 ttl 64 pmtudisc
ip link set dev gre1 mtu 1472
# gre1: write /etc/modules-load.d/tunorch-gre1.conf
tunorch_write /etc/modules-load.d/.tunorch-gre1.conf.tunorch-new 644 '# made by tunorch for the tunnel gre1 on router-b: do not edit, the next run would undo it
ip_gre
'
# gre1: write /etc/sysctl.d/90-tunorch-gre1.conf
tunorch_write /etc/sysctl.d/.90-tunorch-gre1.conf.tunorch-new 644 '# made by tunorch for the tunnel gre1 on router-b: do not edit, the next run would undo it
net/ipv4/ip_forward = 1
'
# gre1: write /etc/systemd/system/tunorch-gre1.service
tunorch_write /etc/systemd/system/.tunorch-gre1.service.tunorch-new 644 '# made by tunorch for the tunnel gre1 on router-b: do not edit, the next run would undo it
[Unit]
Description=Tunnel gre1 of tunorch
ConditionPathExists=!/sys/class/net/gre1
Wants=network.target
After=network-pre.target systemd-modules-load.service systemd-sysctl.service
Before=network.target

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/bin/env ip link add name gre1 mtu 1472 group 205 type gre local 30.1.1.1 remote 30.1.1.2 ikey 2 okey 2 ttl 64 pmtudisc
ExecStart=/usr/bin/env ip link set dev gre1 alias tunorch:gre1,ip_forward=0
ExecStart=/usr/bin/env ip link set dev gre1 up
ExecStart=/usr/bin/env ip address add 10.10.10.1 peer 10.10.10.2 dev gre1
ExecStart=/usr/bin/env ip route add 10.2.1.0/24 dev gre1 table 254 metric 0 proto 205

[Install]
WantedBy=multi-user.target
'
# gre1: write /etc/systemd/system/multi-user.target.wants/tunorch-gre1.service
tunorch_link /etc/systemd/system/multi-user.target.wants/.tunorch-gre1.service.tunorch-new /etc/systemd/system/tunorch-gre1.service
# gre1: systemctl daemon-reload in the end
# when nothing can be taken back any more
tunorch_put /etc/modules-load.d/.tunorch-gre1.conf.tunorch-new /etc/modules-load.d/tunorch-gre1.conf
tunorch_put /etc/sysctl.d/.90-tunorch-gre1.conf.tunorch-new /etc/sysctl.d/90-tunorch-gre1.conf
tunorch_put /etc/systemd/system/.tunorch-gre1.service.tunorch-new /etc/systemd/system/tunorch-gre1.service
tunorch_put /etc/systemd/system/multi-user.target.wants/.tunorch-gre1.service.tunorch-new /etc/systemd/system/multi-user.target.wants/tunorch-gre1.service
tunorch_reload systemctl daemon-reload

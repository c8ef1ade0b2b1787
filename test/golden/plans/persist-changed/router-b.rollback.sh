# gre1
tunorch_remove /etc/systemd/system/multi-user.target.wants/.tunorch-gre1.service.tunorch-new
tunorch_remove /etc/systemd/system/.tunorch-gre1.service.tunorch-new
tunorch_remove /etc/sysctl.d/.90-tunorch-gre1.conf.tunorch-new
tunorch_remove /etc/modules-load.d/.tunorch-gre1.conf.tunorch-new
ip link change dev gre1 type gre local 30.1.1.1 remote 30.1.1.2 ikey 1 okey 1 ttl 64 pmtudisc
ip link set dev gre1 mtu 1472

# gre1
tunorch_remove /etc/systemd/system/multi-user.target.wants/.tunorch-gre1.service.tunorch-new
tunorch_remove /etc/systemd/system/.tunorch-gre1.service.tunorch-new
tunorch_remove /etc/sysctl.d/.90-tunorch-gre1.conf.tunorch-new
tunorch_remove /etc/modules-load.d/.tunorch-gre1.conf.tunorch-new
tunorch_owned gre1 tunorch:gre1,ip_forward=0 && ip link delete dev gre1
tunorch_release ip_forward net/ipv4/ip_forward

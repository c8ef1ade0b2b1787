# gre2
tunorch_remove /etc/systemd/system/multi-user.target.wants/.tunorch-gre2.service.tunorch-new
tunorch_remove /etc/systemd/system/.tunorch-gre2.service.tunorch-new
tunorch_remove /etc/modules-load.d/.tunorch-gre2.conf.tunorch-new
tunorch_owned gre2 tunorch:gre2 && ip link delete dev gre2
# gre1
tunorch_remove /etc/systemd/network/.50-tunorch-gre1.netdev.tunorch-new
tunorch_remove /etc/systemd/network/.50-tunorch-gre1.network.tunorch-new
tunorch_remove /etc/udev/rules.d/.90-tunorch-gre1.rules.tunorch-new
tunorch_remove /etc/modules-load.d/.tunorch-gre1.conf.tunorch-new
tunorch_owned gre1 tunorch:gre1 && ip link delete dev gre1

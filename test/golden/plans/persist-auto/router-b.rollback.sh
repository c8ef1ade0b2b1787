# gre2
tunorch_remove /etc/network/interfaces.d/.tunorch-gre2.tunorch-new
tunorch_remove /etc/modules-load.d/.tunorch-gre2.conf.tunorch-new
tunorch_owned gre2 tunorch:gre2 && ip link delete dev gre2
# gre1
tunorch_remove /etc/network/interfaces.d/.tunorch-gre1.tunorch-new
tunorch_remove /etc/modules-load.d/.tunorch-gre1.conf.tunorch-new
tunorch_owned gre1 tunorch:gre1 && ip link delete dev gre1

# gre1
rm -f /etc/systemd/system/multi-user.target.wants/tunorch-gre1.service.tunorch-new
rm -f /etc/systemd/system/tunorch-gre1.service.tunorch-new
rm -f /etc/modules-load.d/tunorch-gre1.conf.tunorch-new
tunorch_owned gre1 tunorch:gre1 && ip link delete dev gre1

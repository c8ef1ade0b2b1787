# gre1: delete link gre1
ip link delete dev gre1
# gre1: set sysctl net.ipv4.ip_forward back to 0 once no tunnel needs it
tunorch_release ip_forward net/ipv4/ip_forward
# gre1: remove /etc/systemd/system/tunorch-gre1.service in the end
# gre1: remove /etc/sysctl.d/90-tunorch-gre1.conf in the end
# gre1: remove /etc/modules-load.d/tunorch-gre1.conf in the end
# gre1: systemctl daemon-reload in the end
# when nothing can be taken back any more
tunorch_remove /etc/systemd/system/tunorch-gre1.service
tunorch_remove /etc/sysctl.d/90-tunorch-gre1.conf
tunorch_remove /etc/modules-load.d/tunorch-gre1.conf
tunorch_reload systemctl daemon-reload

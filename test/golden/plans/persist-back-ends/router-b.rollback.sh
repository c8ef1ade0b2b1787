# interfaces1
tunorch_remove /etc/network/interfaces.d/.tunorch-gre4_b.tunorch-new
tunorch_remove /etc/modules-load.d/.tunorch-gre4.b.conf.tunorch-new
tunorch_owned gre4.b tunorch:interfaces1 && ip link delete dev gre4.b
# manager1
tunorch_remove /etc/NetworkManager/system-connections/.tunorch-manager1.nmconnection.tunorch-new
tunorch_remove /etc/NetworkManager/dispatcher.d/.90-tunorch-manager1.tunorch-new
tunorch_remove /etc/udev/rules.d/.90-tunorch-manager1.rules.tunorch-new
tunorch_remove /etc/modules-load.d/.tunorch-manager1.conf.tunorch-new
tunorch_owned manager1 tunorch:manager1 && ip link delete dev manager1
# netplan1
tunorch_remove /etc/netplan/.90-tunorch-netplan1.yaml.tunorch-new
tunorch_remove /etc/systemd/network/10-netplan-netplan1.netdev.d/.tunorch.conf.tunorch-new
tunorch_remove /etc/systemd/network/10-netplan-netplan1.network.d/.tunorch.conf.tunorch-new
tunorch_remove /etc/udev/rules.d/.90-tunorch-netplan1.rules.tunorch-new
tunorch_remove /etc/modules-load.d/.tunorch-netplan1.conf.tunorch-new
tunorch_owned netplan1 tunorch:netplan1 && ip link delete dev netplan1
# networkd1
tunorch_remove /etc/systemd/network/.50-tunorch-networkd1.netdev.tunorch-new
tunorch_remove /etc/systemd/network/.50-tunorch-networkd1.network.tunorch-new
tunorch_remove /etc/udev/rules.d/.90-tunorch-networkd1.rules.tunorch-new
tunorch_remove /etc/modules-load.d/.tunorch-networkd1.conf.tunorch-new
tunorch_owned networkd1 tunorch:networkd1 && ip link delete dev networkd1

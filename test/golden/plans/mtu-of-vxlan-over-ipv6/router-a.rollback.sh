# vxlan1
tunorch_owned vxlan1 tunorch:vxlan1 && ip link delete dev vxlan1

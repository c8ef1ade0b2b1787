# gre1
tunorch_owned gre1 tunorch:gre1 && ip link delete dev gre1

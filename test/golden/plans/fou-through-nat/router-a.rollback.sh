# gre1
tunorch_owned gre1 tunorch:gre1,fou=5555:47 && ip link delete dev gre1
tunorch_close fou=5555:47 port 5555

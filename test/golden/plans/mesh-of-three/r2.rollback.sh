# core-r2-r3
tunorch_owned core-r3 tunorch:core-r2-r3 && ip link delete dev core-r3
# core-r1-r3
# core-r1-r2
tunorch_owned core-r1 tunorch:core-r1-r2 && ip link delete dev core-r1

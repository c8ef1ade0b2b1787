# core-r2-r3
tunorch_owned core-r2 tunorch:core-r2-r3 && ip link delete dev core-r2
# core-r1-r3
tunorch_owned core-r1 tunorch:core-r1-r3 && ip link delete dev core-r1
# core-r1-r2

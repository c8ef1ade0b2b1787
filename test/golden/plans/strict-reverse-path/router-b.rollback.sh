# gre2
tunorch_owned gre2 tunorch:gre2 && ip link delete dev gre2
# gre1
tunorch_owned gre1 tunorch:gre1 && ip link delete dev gre1

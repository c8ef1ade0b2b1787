# gre1: exchange addresses of 10.1.2.0/24 on gre1
tunorch_sysctl net/ipv4/conf/gre1/promote_secondaries 1
ip address add 10.1.2.13/24 dev gre1
ip address delete 10.1.2.11/24 dev gre1
tunorch_sysctl net/ipv4/conf/gre1/promote_secondaries 0

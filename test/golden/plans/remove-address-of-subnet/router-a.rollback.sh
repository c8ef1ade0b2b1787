# gre1
ip address add 10.1.2.12/24 dev gre1

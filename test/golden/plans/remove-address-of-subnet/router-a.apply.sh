# gre1: remove address 10.1.2.12/24 from gre1
ip address delete 10.1.2.12/24 dev gre1

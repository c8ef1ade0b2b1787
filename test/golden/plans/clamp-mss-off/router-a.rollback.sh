# gre1
nft 'add table inet tunorch-gre1; delete table inet tunorch-gre1; add table inet tunorch-gre1; add chain inet tunorch-gre1 mss { type filter hook forward priority -150; policy accept; }; add rule inet tunorch-gre1 mss oifname "gre1" tcp flags & (syn|rst) == syn tcp option maxseg size set rt mtu comment "tunorch:gre1 mss=auto"; add rule inet tunorch-gre1 mss iifname "gre1" tcp flags & (syn|rst) == syn tcp option maxseg size set rt mtu comment "tunorch:gre1 mss=auto"'
ip link set dev gre1 alias tunorch:gre1,mss=nft,ip_forward=0

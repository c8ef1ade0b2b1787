tunorch_report() { printf '@@tunorch-apply %s %s %s\n%s\n' "$@"; }
tunorch_apply() {
  echo 5 >"$tunorch_run/settle-after"
  if [ -e "$tunorch_run/1.armed" ]; then tunorch_apply_1; else tunorch_report 1 expired 0 ''; fi
}
tunorch_apply_1() {
  words=$({ modprobe ip_gre; } 2>&1) || { tunorch_report 1 0 $? "$words"; return; }
  true >"$tunorch_run/1.begun"
  words=$(ip -batch - 2>&1 <<'TUNORCH'
link add name gre1 mtu 1472 group 205 type gre local 30.1.1.1 remote 30.1.1.2 ikey 1 okey 1 ttl 255 pmtudisc
link set dev gre1 alias tunorch:gre1,ip_forward=0
link set dev gre1 up
address add 10.10.10.1 peer 10.10.10.2 dev gre1
route add 10.2.1.0/24 dev gre1 table 254 metric 0 proto 205
TUNORCH
) || { tunorch_report 1 1 $? "$words"; return; }
  words=$({ tunorch_sysctl net/ipv4/ip_forward 1; } 2>&1) || { tunorch_report 1 2 $? "$words"; return; }
  tunorch_report 1 done 0 ''
}
tunorch_alone tunorch_apply

printf '\n%s %s\n' @@tunorch-fact identity
read -r release </proc/sys/kernel/osrelease; printf 'release %s\n' "$release"
tunorch_netns=$(readlink /proc/self/ns/net); printf 'netns %s\n' "$tunorch_netns"
while read -r name value; do [ "$name" = CapEff: ] && printf 'capabilities %s\n' "$value"; done </proc/self/status
for p in ip ping modprobe flock setsid systemd-run nft iptables tcpdump; do command -v "$p" >/dev/null 2>&1 && printf 'program %s\n' "$p"; done; :
printf '\n%s %s\n' @@tunorch-fact route-tables
grep -hs '^[0-9]' /etc/iproute2/rt_tables /etc/iproute2/rt_tables.d/*.conf /usr/share/iproute2/rt_tables /usr/share/iproute2/rt_tables.d/*.conf; :
printf '\n%s %s\n' @@tunorch-fact network
tunorch_json=-j; ip -j link show dev lo >/dev/null 2>&1 || { tunorch_json=; case $(ip -V 2>&1) in BusyBox*) echo ip-of-busybox ;; esac; }
tunorch_network() {
routes=0
while read -r a b _; do [ "$a" = Prefixes: ] && routes=$((routes + b)); done </proc/net/fib_triestat 2>/dev/null
read -r _ _ _ e _ </proc/net/rt6_stats 2>/dev/null && routes=$((routes + 0x$e))
if [ "$routes" -lt 20000 ]; then echo all-routes; ip -d $tunorch_json -force -batch - <<'TUNORCH'
address show
route show table all
neighbour show nud permanent
TUNORCH
else ip -d $tunorch_json -force -batch - <<'TUNORCH'
address show
route show table all dev gre1
route show table all exact 10.2.1.0/24
neighbour show nud permanent
TUNORCH
fi | head -c 17825792 | sed 's/\("[a-z_]*\(life_time\|expires\|_timer\)":\)[0-9.]*/\10/g; s/\(_lft\|expires\|_timer\)  *[0-9][0-9.]*\(sec\)*/\1 0/g'
}
tunorch_network_before=$(tunorch_network)
printf '%s\n' "$tunorch_network_before"
printf '\n%s %s\n' @@tunorch-fact ipsec
tunorch_ipsec() {
  grep -qs '^[^ ]* *6 ' /proc/net/netlink || return 0
  { ip xfrm state list nokeys 2>/dev/null || ip xfrm state list; } | sed -n '/^src /p; /^[[:blank:]]*proto /p'
  echo policies
  ip xfrm policy list
}
tunorch_ipsec_before=$(tunorch_ipsec)
printf '%s\n' "$tunorch_ipsec_before"
printf '\n%s %s\n' @@tunorch-fact lookups
ip $tunorch_json -force -batch - 2>/dev/null <<'TUNORCH'
route get 30.1.1.2 from 30.1.1.1
TUNORCH
printf '\n%s %s\n' @@tunorch-fact policy-rules
:
printf '\n%s %s\n' @@tunorch-fact sysctls
grep -s . /proc/sys/net/ipv4/ip_forward /proc/sys/net/ipv4/conf/*/forwarding /proc/sys/net/ipv4/conf/*/promote_secondaries /proc/sys/net/ipv4/conf/all/rp_filter /proc/sys/net/ipv4/conf/default/rp_filter /proc/sys/net/ipv6/conf/*/forwarding
tunorch_own_settings() {
  found=; for d; do [ ! -e "/proc/sys/net/ipv4/conf/$d" ] || found="$found /proc/sys/net/ipv4/conf/$d /proc/sys/net/ipv6/conf/$d"; done
  [ -z "$found" ] || grep -rs . $found | grep -v "$(grep -rs . /proc/sys/net/ipv4/conf/default /proc/sys/net/ipv6/conf/default | sed 's|default|[^/]*|; s|$|$|')"
}
tunorch_own_settings gre1; :
printf '\n%s %s\n' @@tunorch-fact modules
tunorch_module() {
  printf '\n@module %s\n' "$1"
  read -r release </proc/sys/kernel/osrelease
  if [ -d "/sys/module/$1" ]; then echo loaded; return; fi
  if grep -q "/$1\.ko" "/lib/modules/$release/modules.builtin" 2>/dev/null; then echo built-in; return; fi
  [ "$(cat /proc/sys/kernel/modules_disabled 2>/dev/null)" = 1 ] && echo loading-disabled
  [ -d "/lib/modules/$release" ] || { echo no-tree; ls /lib/modules 2>/dev/null | grep -q . && echo other-trees; }
  if [ -e /run/.containerenv ] || [ -e /.dockerenv ]; then echo container; fi
  command -v modprobe >/dev/null || { echo no-modprobe; return; }
  echo "would $(modprobe -n -v "$1" 2>/dev/null | tail -n 1)"
  echo "allowed $(modprobe -b -n -v "$1" 2>/dev/null | tail -n 1)"
}
tunorch_module ip_gre
printf '\n%s %s\n' @@tunorch-fact fou-ports
! grep -qs 'tunorch:.*,fou6*=' /sys/class/net/*/ifalias || ip fou show 2>/dev/null; :
printf '\n%s %s\n' @@tunorch-fact mss-clamps
tunorch_clamps() {
  grep -qs 'tunorch:.*,mss=' /sys/class/net/*/ifalias || { [ '' ] && [ -d /sys/module/nf_tables ]; } || return 0
  if command -v nft >/dev/null; then
    for t in $(nft list tables inet | sed -n 's/^table inet \(tunorch-.*\)$/\1/p'); do nft list table inet "$t"; done
  fi
  if ! command -v nft >/dev/null || grep -qs ',mss=iptables' /sys/class/net/*/ifalias; then
    for p in iptables ip6tables; do ! command -v "$p" >/dev/null || { echo "@$p"; "$p" -w -t mangle -S; }; done
  fi
} 2>/dev/null
tunorch_clamps
printf '\n%s %s\n' @@tunorch-fact decisions
tunorch_decisions=${tunorch_netns#*[}; tunorch_decisions=/var/log/tunorch/${tunorch_decisions%]} tunorch_told=
tunorch_decided() { tail -n 2000 "$tunorch_decisions"; }
[ ! -s "$tunorch_decisions" ] || { tunorch_told=$(tunorch_decided); printf 'now %s\n%s\n' "$(date +%s)" "$tunorch_told"; }
printf '\n%s %s\n' @@tunorch-fact run-at-work
tunorch_work=${tunorch_netns#*[}; tunorch_work=/run/tunorch/${tunorch_work%]}
[ ! -e "$tunorch_work/lock" ] || ! grep -q "FLOCK.*:$(stat -c %i "$tunorch_work/lock") " /proc/locks || { cat "$tunorch_work/owner"; stat -c %Y "$tunorch_work/owner"; date +%s; }
printf '\n%s %s\n' @@tunorch-fact persistence
tunorch_boots() { [ ! -e /proc/1/ns/net ] || [ /proc/1/ns/net -ef /proc/self/ns/net ]; }
tunorch_files() {
  set --
  tunorch_boots || return 0
  for f in /etc/modules-load.d/tunorch-*.conf /etc/modules-load.d/.tunorch-*.conf.tunorch-new /etc/sysctl.d/90-tunorch-*.conf /etc/sysctl.d/.90-tunorch-*.conf.tunorch-new /etc/systemd/system/tunorch-*.service /etc/systemd/system/.tunorch-*.service.tunorch-new /etc/systemd/system/multi-user.target.wants/tunorch-*.service /etc/systemd/system/multi-user.target.wants/.tunorch-*.service.tunorch-new /etc/udev/rules.d/90-tunorch-*.rules /etc/udev/rules.d/.90-tunorch-*.rules.tunorch-new /etc/systemd/network/50-tunorch-*.netdev /etc/systemd/network/.50-tunorch-*.netdev.tunorch-new /etc/systemd/network/50-tunorch-*.network /etc/systemd/network/.50-tunorch-*.network.tunorch-new /etc/netplan/90-tunorch-*.yaml /etc/netplan/.90-tunorch-*.yaml.tunorch-new /etc/systemd/network/10-netplan-*.netdev.d/tunorch.conf /etc/systemd/network/10-netplan-*.netdev.d/.tunorch.conf.tunorch-new /etc/systemd/network/10-netplan-*.network.d/tunorch.conf /etc/systemd/network/10-netplan-*.network.d/.tunorch.conf.tunorch-new /etc/NetworkManager/system-connections/tunorch-*.nmconnection /etc/NetworkManager/system-connections/.tunorch-*.nmconnection.tunorch-new /etc/NetworkManager/dispatcher.d/90-tunorch-* /etc/NetworkManager/dispatcher.d/.90-tunorch-*.tunorch-new /etc/network/interfaces.d/tunorch-* /etc/network/interfaces.d/.tunorch-*.tunorch-new; do
    if [ -L "$f" ]; then printf 'symlink %s %s\n' "$f" "$(readlink "$f")"; elif [ -f "$f" ]; then set -- "$@" "$f"; fi
  done
  [ $# = 0 ] || { stat -c 'text %n %a' "$@"; grep -H '' "$@"; }
}
tunorch_serves() { for f in /sys/fs/cgroup/system.slice/$1.service /sys/fs/cgroup/*/system.slice/$1.service; do [ ! -d "$f" ] || return 0; done; return 1; }
tunorch_keepers() {
  [ ! -d /run/systemd/system ] || echo 'runs systemd'
  if tunorch_serves systemd-networkd; then
    echo 'runs networkd'
    ! command -v netplan >/dev/null || echo 'runs netplan'
  fi
  ! tunorch_serves NetworkManager || echo 'runs networkmanager'
  [ ! -e /run/network/ifstate ] && [ ! -e /run/ifstate ] || echo 'runs ifupdown'
  [ -e /run/udev/control ] || echo 'lacks udev'
  [ -e /etc/systemd/system/dbus-org.freedesktop.nm-dispatcher.service ] || echo 'lacks dispatcher'
  grep -Eqs '^[[:space:]]*source(-directory[[:space:]]+(/etc/network/)?interfaces\.d/?|[[:space:]]+(/etc/network/)?interfaces\.d/(tunorch-)?\*)[[:space:]]*$' /etc/network/interfaces || echo 'lacks source'
  set -- /run/systemd/netif/links /run/NetworkManager/devices
  [ -d "$1" ] || [ -d "$2" ] && grep -Hs '' /sys/class/net/*/ifindex
  grep -rHs '^NETWORK_FILE=' "$1"
  grep -rHs '^connection-uuid=' "$2"
  grep -rHsE '^(uuid|external)=' /run/NetworkManager/system-connections
  sed -n 's/^\([^= ]*\)=.*/ifstate \1/p' /run/network/ifstate /run/ifstate 2>/dev/null
}
tunorch_files_before=$(tunorch_files)
printf '%s\n' "$tunorch_files_before"
! tunorch_boots || tunorch_keepers
:

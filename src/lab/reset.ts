/** Where a guest keeps what it looked like right after boot; made by its init. */
export const BASELINE_FOLDER = '/run/lab';

/** What a test or tunorch may set; a first write can move others (`ip_forward`, `all/*`), hence two passes when putting back. */
const listSysctls = "grep -rs '' ipv4/conf ipv4/ip_forward ipv4/fwmark_reflect ipv6/conf core/fb_tunnels_only_for_init_net";

/** Remembers modules and sysctls, for `resetScript` to come back to. */
export const baselineScript = `
mkdir -p ${BASELINE_FOLDER}
cut -d' ' -f1 /proc/modules > ${BASELINE_FOLDER}/modules
cd /proc/sys/net; ${listSysctls} > ${BASELINE_FOLDER}/sysctls; cd /
: > ${BASELINE_FOLDER}/booted
`;

/**
 * Brings a guest's network back to what it was right after boot: nothing but eth0's management address.
 *
 * It ends every process that no SSH session owns (watchdogs, captures, web servers), drops namespaces, links, addresses,
 * routes, rules, filters and ESP states, puts sysctls back and unloads every module that came since boot, so that the
 * next test sees modules loaded for the first time.
 */
export const resetScript = `
set -u
export LC_ALL=C PATH=/usr/sbin:/usr/bin:/sbin:/bin
loaded() { grep -q "^$1 " /proc/modules; }

sshd=$(cat /run/sshd.pid 2>/dev/null)
awk -v sshd="\${sshd:-0}" -v self="$$" '
  function top(pid) { while (parent[pid] > 2) pid = parent[pid]; return pid }
  { pid = $1; sub(/.*\\) . /, ""); parent[pid] = $1; pids[NR] = pid }
  END {
    mine = top(self)
    for (i = 1; i <= NR; i++) {
      pid = pids[i]; first = top(pid)
      if (parent[first] == 1 && first != sshd && first != mine) print pid
    }
  }' /proc/[0-9]*/stat 2>/dev/null | xargs -r kill -9 2>/dev/null

ip -all netns delete
loaded nf_tables && nft flush ruleset
for table in filter nat mangle raw; do
  loaded "iptable_$table" && iptables-legacy -t "$table" -F && iptables-legacy -t "$table" -X
  loaded "ip6table_$table" && ip6tables-legacy -t "$table" -F && ip6tables-legacy -t "$table" -X
done
loaded xfrm_user && ip xfrm state flush && ip xfrm policy flush
for path in /sys/class/net/*; do
  device=\${path##*/}
  case $device in
    lo | eth0 | bonding_masters) ;;
    eth[0-9]*)
      ip -force -batch - 2>/dev/null <<EOF
link set dev $device down
address flush dev $device
neighbour flush dev $device
link set dev $device mtu 1500 alias "" multicast on
link property del dev $device
EOF
      tc qdisc del dev "$device" root 2>/dev/null; tc qdisc del dev "$device" clsact 2>/dev/null ;;
    *) ip link del dev "$device" 2>/dev/null ;;
  esac
done
ip route show table all | grep -vE 'dev (eth0|lo)|table local' | while read -r route; do ip route del $route 2>/dev/null; done
ip rule show | grep -vE '^(0|32766|32767):' | while IFS=: read -r preference _; do ip rule del preference "$preference"; done
ip address flush dev lo scope global

tries=0
while [ "$tries" -lt 6 ]; do
  extra=$(cut -d' ' -f1 /proc/modules | grep -vxFf ${BASELINE_FOLDER}/modules)
  [ -z "$extra" ] && break
  rmmod $extra 2>/dev/null
  tries=$((tries + 1))
done

cd /proc/sys/net
for pass in 1 2; do
  ${listSysctls} > ${BASELINE_FOLDER}/now
  grep -vxFf ${BASELINE_FOLDER}/now ${BASELINE_FOLDER}/sysctls | sort -r | while IFS=: read -r key value; do echo "$value" > "$key"; done 2>/dev/null
done
cd /

rm -rf /run/tunorch* /run/sudo/ts/* /etc/network/interfaces.d/*
find /etc/modprobe.d /etc/modules-load.d /etc/sysctl.d /etc/systemd/network /etc/iproute2 -type f -newer ${BASELINE_FOLDER}/booted -delete 2>/dev/null
rest=$(cut -d' ' -f1 /proc/modules | grep -vxFf ${BASELINE_FOLDER}/modules | tr '\\n' ' ')
[ -z "$rest" ] || { echo "still loaded: $rest" >&2; exit 1; }
`;

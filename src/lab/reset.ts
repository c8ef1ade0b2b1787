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

/** What ESP's first key asked for and the kernel then keeps: its random numbers (crypto/rng.c, crypto_default_rng). */
const KEPT_MODULES = 'drbg | jitterentropy_rng | sha512_*';

/** Where tests, tunorch and network managers put files that outlive them. */
const WRITTEN_FOLDERS = [
  'modprobe.d',
  'modules-load.d',
  'sysctl.d',
  'iproute2',
  'tunorch',
  'lab',
  'netplan',
  'network/interfaces.d',
  'NetworkManager/system-connections',
  'systemd/network',
  'systemd/logind.conf.d',
  'systemd/system',
]
  .map((folder) => `/etc/${folder}`)
  .join(' ');

const MANAGERS = 'NetworkManager systemd-networkd.socket systemd-networkd networking nftables';

/** On a guest with systemd: ends network managers and transient units, forgets what tests set; `$orphans` are what may be a login's leftover. */
const resetServices = `
systemctl -q stop ${MANAGERS} 'run-*.timer' 'run-*.service' 'tunorch*' 2>/dev/null
written=$(find ${WRITTEN_FOLDERS} \\( -type f -o -type l \\) -newer ${BASELINE_FOLDER}/booted -print -delete 2>/dev/null)
rm -rf /run/systemd/network/*netplan* /run/NetworkManager/system-connections/netplan*
systemctl daemon-reload
case $written in *logind.conf.d*) systemctl restart systemd-logind ;; esac
orphans=" $(cat /sys/fs/cgroup/user.slice/user-*.slice/session-*.scope/cgroup.procs 2>/dev/null | tr '\\n' ' ')"
`;

/**
 * Brings a guest's network back to what it was right after boot: nothing but eth0's management address.
 *
 * It ends every process that no SSH session owns (watchdogs, captures, web servers), drops namespaces, links, addresses,
 * routes, rules, filters and ESP states (which the kernel frees a moment later), puts sysctls back and unloads every module that came since boot (but those the kernel never lets go, like vrf), so that the
 * next test sees modules loaded for the first time. On a guest with systemd, services stay but for the network managers.
 */
export const resetScript = `
export LC_ALL=C PATH=/usr/sbin:/usr/bin:/sbin:/bin
names() { list=' '; while read -r name _; do list="$list$name "; done < "$1"; }
names ${BASELINE_FOLDER}/modules; baseline=$list
names /proc/modules; modules=$list
loaded() { case $modules in *" $1"*) ;; *) return 1 ;; esac; }
read -r sshd < /run/sshd.pid
orphans=all
[ -d /run/systemd/system ] && {
${resetServices}}

cat /proc/[0-9]*/stat 2>/dev/null | awk -v sshd="$sshd" -v self="$$" -v orphans="$orphans" '
  function top(pid) { while (parent[pid] > 2) pid = parent[pid]; return pid }
  { pid = $1; sub(/.*\\) . /, ""); parent[pid] = $1; pids[NR] = pid }
  END {
    mine = top(self)
    for (i = 1; i <= NR; i++) {
      pid = pids[i]; first = top(pid)
      if (orphans != "all" && !index(orphans, " " pid " ")) continue
      if (parent[first] == 1 && first != sshd && first != mine) print pid
    }
  }' | xargs -r kill -9 2>/dev/null

for namespace in /run/netns/*; do [ -e "$namespace" ] && ip netns delete "\${namespace##*/}"; done
loaded 'nf_tables ' && nft flush ruleset
for table in filter nat mangle raw; do
  loaded "iptable_$table " && iptables-legacy -t "$table" -F && iptables-legacy -t "$table" -X
  loaded "ip6table_$table " && ip6tables-legacy -t "$table" -F && ip6tables-legacy -t "$table" -X
done
loaded 'xfrm_user ' && ip xfrm state flush && ip xfrm policy flush
for path in /sys/class/net/*; do
  device=\${path##*/}
  case $device in
    lo | eth0 | bonding_masters) ;;
    eth[0-9]*)
      echo "link set dev $device down"
      echo "address flush dev $device"
      echo "link set dev $device mtu 1500 alias \\"\\" multicast on arp on"
      loaded sch_ && tc qdisc del dev "$device" root 2>/dev/null && tc qdisc del dev "$device" clsact 2>/dev/null ;;
    *) echo "link del dev $device" ;;
  esac
done | ip -force -batch - 2>/dev/null
{
  printf 'route show table all\nrule show\n' | ip -batch - | awk '
    /^[0-9]+:/ { if ($1 + 0 > 0 && $1 + 0 < 32766) print "rule del preference " $1 + 0; next }
    !/dev (eth0|lo)|table local/ { print "route del " $0 }'
  echo 'address flush dev lo scope global'
  echo 'neighbour flush dev eth0 nud permanent'
} | ip -force -batch - 2>/dev/null

for try in 1 2 3 4 5 6 7 8 9; do
  [ $try -lt 5 ] || sleep 0.5
  extra=
  while read -r name rest; do
    case $name in ${KEPT_MODULES}) continue ;; esac
    case "$baseline:$rest" in *" $name "* | *permanent*) ;; *) extra="$extra $name" ;; esac
  done < /proc/modules
  [ -z "$extra" ] && break
  rmmod $extra 2>/dev/null
done

cd /proc/sys/net
for pass in 1 2 3; do
  ${listSysctls} | grep -vxFf - ${BASELINE_FOLDER}/sysctls > ${BASELINE_FOLDER}/moved || break
  sort -r ${BASELINE_FOLDER}/moved | while IFS=: read -r key value; do echo "$value" > "$key"; done 2>/dev/null
done
cd /

[ "$orphans" = all ] || for path in /sys/class/net/eth[1-9]; do echo "address flush dev \${path##*/}"; done | ip -force -batch -
rm -rf /run/tunorch* /run/sudo/ts/*
find ${WRITTEN_FOLDERS} -type f -newer ${BASELINE_FOLDER}/booted -delete 2>/dev/null
[ -z "$extra" ] || { echo "still loaded: $extra" >&2; exit 1; }
`;

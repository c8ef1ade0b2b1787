tunorch_leave() { trap - EXIT; tunorch_alone tunorch_part; exec 9>&-; }
tunorch_prepare() {
  tunorch_watchdog=
  tunorch_home=${tunorch_netns#*[}; tunorch_home=/run/tunorch/${tunorch_home%]}
  tunorch_run=$tunorch_home/20261121-090000-4f2a
  for tunorch_try in 1 2 3 4 5; do
    mkdir -p "$tunorch_run" || break
    command exec 9>>"$tunorch_home/lock" || continue
    flock -n 9 9>&9 || { exec 9>&-; rmdir "$tunorch_run"; cat "$tunorch_home/owner"; stat -c %Y "$tunorch_home/owner"; date +%s; return 75; }
    [ "$tunorch_home/lock" -ef /proc/$$/fd/9 ] && tunorch_try= && break
  done
  [ -z "$tunorch_try" ] || { rmdir "$tunorch_run" "$tunorch_home" "${tunorch_home%/*}" 2>/dev/null; return 73; }
  for f in "$tunorch_home"/*/journal; do [ ! -e "$f" ] || ( tunorch_run=${f%/journal}; . "$f"; tunorch_recover ); done
  true >"$tunorch_run/mutex" && printf '%s\n' ada@desk >"$tunorch_home/owner" && cat >"$tunorch_run/journal" <<'TUNORCH_JOURNAL_20261121-090000-4f2a' || { rm -rf "$tunorch_home"; rmdir "${tunorch_home%/*}" 2>/dev/null; exec 9>&-; return 73; }
# tunorch: what run 20261121-090000-4f2a changed on router-a, and the way back
tunorch_owned() {
  a= g=; read -r a 2>/dev/null <"/sys/class/net/$1/ifalias"; read -r g 2>/dev/null <"/sys/class/net/$1/netdev_group"
  [ "$a" = "$2" ] || [ "$a$g" = 205 ]
}
tunorch_sysctl() { printf '%s\n' "$2" >"/proc/sys/$1"; }
tunorch_release() {
  mark=$1 path=$2; shift 2
  for f in /sys/class/net/*/ifalias; do
    a=; read -r a 2>/dev/null <"$f"; case $a in tunorch:*,"$mark"=0*) return 0 ;; esac
  done
  tunorch_sysctl "$path" 0 && for path; do [ ! -e "/proc/sys/$path" ] || tunorch_sysctl "$path" 1; done
}
tunorch_folder() ( umask 022; mkdir -p "${1%/*}" )
tunorch_write() { tunorch_folder "$1" && rm -f "$1" && ( umask 077; printf %s "$3" >"$1" ) && chmod "$2" "$1" && sync "$1"; }
tunorch_link() { tunorch_folder "$1" && ln -sfn "$2" "$1"; }
tunorch_put() { mv -f "$1" "$2" && sync "${2%/*}"; }
tunorch_remove() {
  [ -e "$1" ] || [ -L "$1" ] || return 0
  rm -f "$1"; case $1 in *.netdev.d/* | *.network.d/*) rmdir "${1%/*}" 2>/dev/null ;; esac
  sync "${1%/*}" 2>/dev/null || sync "${1%/*/*}"; :
}
tunorch_netplan() (
  c=$tunorch_run/netplan; trap 'rm -rf "$c"' EXIT
  umask 077; mkdir -p "$c/etc/netplan"; cp /etc/netplan/*.yaml "$c/etc/netplan/" 2>/dev/null
  cp "$1" "$c/etc/netplan/${2##*/}" && netplan generate --root-dir "$c"
)
tunorch_reload() { grep -qsxF "$*" "$tunorch_run/reloads" || echo "$*" >>"$tunorch_run/reloads"; }
tunorch_reload_all() { [ ! -e "$tunorch_run/reloads" ] || { while read -r words; do timeout 20 $words </dev/null; done <"$tunorch_run/reloads"; rm -f "$tunorch_run/reloads"; } >/dev/null 2>&1; }
tunorch_share() (
  set -f
  verb=$1 to=$2 table=$3 metric=$4 proto=$5 device=$6; shift 6
  said=" $* " place="table $table metric $metric proto $proto" ways= count=0 last= order=add
  weight() { w=1; case $said in *" $1 "*) w=${said#*" $1 "}; w=${w%% *} ;; esac; }
  way() { weight "$1"; ways="$ways nexthop dev $1 weight $w" count=$((count + 1)); }
  line=$(ip -4 -o route show exact "$to" table "$table" proto "$proto" 2>/dev/null | while read -r line; do
    m=0; case " $line " in *" metric "*) m=${line#* metric }; m=${m%% *} ;; esac
    [ "$m" != "$metric" ] || { printf '%s\n' "$line"; break; }
  done)
  for word in $line; do
    case $last in
      dev) order=replace skipped=1 last=; [ "$word" = "$device" ] || { way "$word"; skipped=; }; continue ;;
      weight) [ "$skipped" ] || ways="${ways% *} $word" ;;
    esac
    last=$word
    if [ "$word" = dead ] && [ -z "$skipped" ]; then ways=${ways% nexthop *} count=$((count - 1)) skipped=1; fi
  done
  [ "$verb" = leave ] || way "$device"
  case $count in
    0) [ -z "$line" ] || ip route delete "$to" $place ;;
    1) set -- $ways; ip route "$order" "$to" dev "$3" $place ;;
    *) ip route "$order" "$to" $place $ways ;;
  esac
)
tunorch_listen() { ip fou show 2>/dev/null | grep -q "^$* *$" || ip fou add "$@"; }
tunorch_call() { ping -n -q -c 1 -W 1 -I "$1" "$2" >/dev/null 2>&1 || :; }
tunorch_close() {
  mark=$1; shift
  for f in /sys/class/net/*/ifalias; do
    a=; read -r a 2>/dev/null <"$f"; case $a, in tunorch:*,"$mark",*) return 0 ;; esac
  done
  ip fou del "$@"
}
tunorch_actor=
tunorch_undo_1() {
  [ -e "$tunorch_run/1.begun" ] || return 0
  tunorch_owned gre1 tunorch:gre1,ip_forward=0 && ip link delete dev gre1
  tunorch_release ip_forward net/ipv4/ip_forward
  :
}
tunorch_peer_1() { tunorch_hears gre1 10.10.10.2; }
tunorch_final_1() { :; }

tunorch_unstage_1() { :; }
tunorch_name() { case $1 in 1) printf %s gre1 ;; esac; }
tunorch_note() {
  [ -n "$tunorch_actor" ] && [ -e "$tunorch_run/$1.begun" ] || return 0
  f=${tunorch_run%/*} left=0; read -r left <"$tunorch_run/left"; read -r owner <"$f/owner"
  mkdir -p /var/log/tunorch && [ -O /var/log/tunorch ] && [ ! -L /var/log/tunorch ] && printf '%s %s %s %s %s %s\n' "$(date +%s)" "$left" "$tunorch_actor" "$2" "$(tunorch_name "$1")" "$owner" >>"/var/log/tunorch/${f##*/}"
  :
} 2>/dev/null
tunorch_claim() { for s in armed tentative committed; do mv "$tunorch_run/$1.$s" "$tunorch_run/$1.undoing" 2>/dev/null && return; done; return 1; }
tunorch_undo() { tunorch_claim "$1" && tunorch_redo "$1"; }
tunorch_redo() { "tunorch_undo_$1"; mv "$tunorch_run/$1.undoing" "$tunorch_run/$1.undone" && tunorch_note "$1" undone; }
tunorch_keep() { { mv "$tunorch_run/$1.tentative" "$tunorch_run/$1.kept" 2>/dev/null || mv "$tunorch_run/$1.committed" "$tunorch_run/$1.kept"; } && { "tunorch_final_$1"; tunorch_note "$1" kept; }; }
tunorch_ask() { tunorch_is_due "$1" && "tunorch_peer_$1" "$2" && true >"$tunorch_run/$1.answered"; }
tunorch_hears() {
  device=$1 heard=1 pings=; shift
  for f; do ping -n -q -c 3 -W 1 -I "$device" "$f" >/dev/null 2>&1 & pings="$pings $!"; done
  for f in $pings; do wait "$f" && heard=0; done
  return $heard
}
tunorch_pace() { tunorch_asked=$((tunorch_asked + 1)); [ $((tunorch_asked % 100)) -ne 0 ] || wait; }
tunorch_ask_tentative() { tunorch_ask "$1" tentative & tunorch_pace; }
tunorch_ask_committed() { tunorch_ask "$1" committed & tunorch_pace; }
tunorch_if_removal() { case '  ' in *" $2 "*) "tunorch_$1_$2" ;; esac; }
tunorch_is_due() { case '  ' in *" $1 "*) [ "$tunorch_round" = last ] ;; esac; }
tunorch_restore() { tunorch_is_due "$1" && tunorch_if_removal undo "$1"; }
tunorch_obey() { tunorch_is_due "$1" || return 0; if [ -e "$tunorch_run/$1.answered" ] && tunorch_if_removal again "$1"; then tunorch_keep "$1"; else tunorch_undo "$1"; fi; }
tunorch_all() { for f in "$tunorch_run"/*."$1"; do [ -e "$f" ] && f=${f##*/} && "$2" "${f%.*}"; done; }
tunorch_alone() { ( flock 8; "$@" ) 8<"$tunorch_run/mutex"; }
tunorch_evict() {
  read -r self _ </proc/self/stat
  for f in /proc/[0-9]*/fd/8; do
    [ "$f" -ef "$tunorch_run/mutex" ] || continue
    f=${f#/proc/}; [ "${f%%/*}" = "$self" ] || kill -9 "${f%%/*}"
  done
}
tunorch_insist() { for n in 1 2; do flock -n 8 && return; sleep 1 8<&- 9>&-; done; return 1; }
tunorch_force() { ( tunorch_insist || { tunorch_evict; tunorch_insist; tunorch_all undoing tunorch_redo; }; "$@" ) 8<"$tunorch_run/mutex"; }
tunorch_expire() { true >"$tunorch_run/expired"; tunorch_all armed tunorch_undo; }
tunorch_decide() {
  tunorch_round=$1; tunorch_all committed tunorch_restore
  tunorch_asked=0; tunorch_all tentative tunorch_ask_tentative; tunorch_all committed tunorch_ask_committed; wait
  tunorch_all tentative tunorch_obey; tunorch_all committed tunorch_obey
  tunorch_reload_all
}
tunorch_finish() { [ -e "$tunorch_run/expired" ] || { for n; do tunorch_keep "$n"; done; tunorch_reload_all; }; }
tunorch_recover() { tunorch_actor=next-run; tunorch_all undoing tunorch_redo; tunorch_expire; tunorch_decide last; rm -rf "$tunorch_run"; }
tunorch_part() {
  [ ! -e "$tunorch_run/expired" ] || return 0
  tunorch_actor=session; tunorch_all armed tunorch_undo
  for f in "$tunorch_run"/*.tentative "$tunorch_run"/*.committed; do [ ! -e "$f" ] || { date +%s >"$tunorch_run/left"; return 0; }; done
  [ -z "$tunorch_watchdog" ] || kill -15 "-$tunorch_watchdog" 2>/dev/null || kill -15 "$tunorch_watchdog" 2>/dev/null
  tunorch_clear
}
tunorch_clear() {
  tunorch_home=${tunorch_run%/*}
  if [ "$tunorch_home/lock" -ef /proc/$$/fd/9 ]; then rm -rf "$tunorch_run/journal" "$tunorch_home"; rmdir "${tunorch_home%/*}" 2>/dev/null; else rm -rf "$tunorch_run/journal" "$tunorch_run"; fi
}
tunorch_doze() { sleep "$1" 9>&- & trap "kill $! 2>/dev/null; exit" TERM; wait $!; trap - TERM; }
tunorch_watch() {
  tunorch_actor=timer
  tunorch_doze "$1"
  tunorch_force tunorch_expire
  settle=4; read -r settle 2>/dev/null <"$tunorch_run/settle-after"
  tunorch_doze "$settle"
  tunorch_force tunorch_decide first
  for f in "$tunorch_run"/*.committed; do [ ! -e "$f" ] || { tunorch_doze $((settle + 2)); tunorch_force tunorch_decide last; break; }; done
  tunorch_clear
}
# end
TUNORCH_JOURNAL_20261121-090000-4f2a
  . "$tunorch_run/journal"
  [ "$(tunorch_network)" = "$tunorch_network_before" ] && [ "$(tunorch_ipsec)" = "$tunorch_ipsec_before" ] && [ "$(tunorch_files)" = "$tunorch_files_before" ] || { tunorch_leave; return 70; }
  [ -z "$tunorch_told" ] || [ "$(tunorch_decided)" != "$tunorch_told" ] || mv -f "$tunorch_decisions" "$tunorch_decisions.told"
  for tunorch_number in 1; do true >"$tunorch_run/$tunorch_number.armed" || { tunorch_leave; return 73; }; done
  tunorch_start() { "$@" sh -c 'tunorch_leader=; command -v setsid >/dev/null && tunorch_leader=setsid; $tunorch_leader sh -c "$1" tunorch-watchdog "$2" "$3" </dev/null >"$2/log" 2>&1 & echo $!' sh 'tunorch_run=$1; . "$1/journal"; tunorch_watch "$2"' "$tunorch_run" 51 9>&9; }
  tunorch_watchdog=
  if grep -qs user.slice /proc/self/cgroup && command -v systemd-run >/dev/null; then
    tunorch_attempt=$((${tunorch_attempt:-0} + 1))
    tunorch_watchdog=$(tunorch_start timeout 20 systemd-run --quiet --collect --scope --unit="tunorch-${tunorch_run##*/}-${tunorch_home##*/}-$tunorch_attempt")
  fi
  [ -n "$tunorch_watchdog" ] || tunorch_watchdog=$(tunorch_start)
  kill -0 "$tunorch_watchdog" 2>/dev/null || { tunorch_leave; return 73; }
  trap '' PIPE HUP
  trap tunorch_leave EXIT
}
tunorch_prepare

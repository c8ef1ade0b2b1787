/**
 * `tunorch_share join|leave NETWORK TABLE METRIC PROTO DEVICE [DEVICE WEIGHT]…` makes a device a nexthop of an IPv4 route, or
 * takes it out, and leaves the other nexthops as they are.
 *
 * A route with one nexthop is one without, whose weight nobody can read: then what was said of it counts. A nexthop whose device is
 * down counts as gone: the kernel takes none such in a new route. Done twice it
 * does no harm. Where no such route is there, one is added, so that nobody else's is replaced.
 */
export const SHARE_FUNCTION = `tunorch_share() (
  set -f
  verb=$1 to=$2 table=$3 metric=$4 proto=$5 device=$6; shift 6
  said=" $* " place="table $table metric $metric proto $proto" ways= count=0 last= order=add
  weight() { w=1; case $said in *" $1 "*) w=\${said#*" $1 "}; w=\${w%% *} ;; esac; }
  way() { weight "$1"; ways="$ways nexthop dev $1 weight $w" count=$((count + 1)); }
  line=$(ip -4 -o route show exact "$to" table "$table" proto "$proto" 2>/dev/null | while read -r line; do
    m=0; case " $line " in *" metric "*) m=\${line#* metric }; m=\${m%% *} ;; esac
    [ "$m" != "$metric" ] || { printf '%s\\n' "$line"; break; }
  done)
  for word in $line; do
    case $last in
      dev) order=replace skipped=1 last=; [ "$word" = "$device" ] || { way "$word"; skipped=; }; continue ;;
      weight) [ "$skipped" ] || ways="\${ways% *} $word" ;;
    esac
    last=$word
    if [ "$word" = dead ] && [ -z "$skipped" ]; then ways=\${ways% nexthop *} count=$((count - 1)) skipped=1; fi
  done
  [ "$verb" = leave ] || way "$device"
  case $count in
    0) [ -z "$line" ] || ip route delete "$to" $place ;;
    1) set -- $ways; ip route "$order" "$to" dev "$3" $place ;;
    *) ip route "$order" "$to" $place $ways ;;
  esac
)`;

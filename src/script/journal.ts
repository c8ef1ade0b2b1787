import { DECISIONS_FOLDER } from '../domain/lone-decision.ts';
import { LINK_GROUP } from '../plan/commands.ts';
import type { Step } from '../plan/operation.ts';
import { quote, quoteAll } from '../shell/quote.ts';
import { againLines, finalLines, inverseLine, inverseOperations } from './inverse.ts';
import { FILE_FUNCTIONS, unstageFunction } from './placing.ts';
import { SHARE_FUNCTION } from './sharing.ts';

/** The part of a run that concerns one host. */
export interface HostScript {
  readonly host: string;
  /** `[A-Za-z0-9-]+`, unique per run. */
  readonly run: string;
  /** In the order they are applied; each one's number in the scripts is its index plus one. */
  readonly tunnels: readonly HostTunnel[];
}

export interface HostTunnel {
  readonly tunnel: string;
  readonly steps: readonly Step[];
  /** The peer's inner addresses. */
  readonly targets: readonly { readonly device: string; readonly address: string }[];
  /**
   * What this host goes by when its timer has to decide alone. `peer-answers`: the peer answers through the tunnel only if
   * it kept its own end. `peer-is-silent`: of a removal; the old end is brought back, and the peer answers, or is heard, only
   * if it has its own end still; the second end asks when the first has decided, or two that have committed both would take
   * each other's question for that. `none`: it would answer either way, or there is nobody to ask; then what was committed is
   * kept, and what was not is undone.
   */
  readonly evidence: 'peer-answers' | 'peer-is-silent' | 'none';
  /** It is the second end. */
  readonly asksLast: boolean;
}

/** The tunnels of a host with the numbers that stand for them in its scripts. */
export function numbered(script: HostScript): readonly (HostTunnel & { readonly number: number })[] {
  return script.tunnels.map((tunnel, index) => ({ ...tunnel, number: index + 1 }));
}

/** Seconds between the timer's two looks where the controller named no other; see {@link settleAfterSeconds}. */
const LEAST_SETTLE_AFTER_SECONDS = 4;

/** Pings of a host that decides alone: all its peers are asked in the same seconds, and a hub with a thousand does not run out of memory. */
const MOST_ASKED_AT_ONCE = 100;

/** Of the deadline, what a host needs to hear whether its peer answers, and to undo. */
const LEAD_SECONDS = 10;

/** Seconds after which a host's timer fires, so that the host is done when the deadline passes, or a few seconds later. */
export function timerSeconds(deadlineSeconds: number): number {
  return deadlineSeconds - Math.min(LEAD_SECONDS, Math.floor(deadlineSeconds / 2));
}

/**
 * Seconds after its timer fired in which a host decides about what is not final.
 *
 * By then every host of the run must have undone what was armed: their timers started up to `skewSeconds` apart, and a
 * host undoes its tunnels one after the other.
 */
export function settleAfterSeconds(skewSeconds: number, mostTunnels: number): number {
  return Math.ceil(LEAST_SETTLE_AFTER_SECONDS + skewSeconds + mostTunnels / 10);
}

/** Seconds beyond that after which the second end of a removal asks: by then the first has asked its peers and removed its ends again. */
export function secondRoundSeconds(removals: number): number {
  return Math.ceil(2 + removals / 5);
}

/**
 * The program a host runs to bring back what it had: written before the first change, the same for the controller's
 * rollback, the session's end and the host's own timer.
 *
 * Each tunnel has one file that says how it stands, and whoever renames it may act: `armed` (undo it unless told
 * otherwise), `tentative` (this end heard the peer through the tunnel), `committed` (the controller heard that both did),
 * `kept` (it heard that both committed), `undoing`, `undone`. `begun` beside it tells that there may be something to undo.
 * `expired` is the timer's fence: once it is there, the host decides alone and no word of the controller counts. The timer
 * waits a few seconds for the mutex; a program that hangs holds it by an inherited descriptor, and is killed.
 *
 * What is decided without the controller is written down under {@link DECISIONS_FOLDER}, where the next run finds it.
 */
export function journalText(script: HostScript): string {
  return `# tunorch: what run ${script.run} changed on ${script.host}, and the way back
tunorch_owned() {
  a= g=; read -r a 2>/dev/null <"/sys/class/net/$1/ifalias"; read -r g 2>/dev/null <"/sys/class/net/$1/netdev_group"
  [ "$a" = "$2" ] || [ "$a$g" = ${LINK_GROUP} ]
}
tunorch_sysctl() { printf '%s\\n' "$2" >"/proc/sys/$1"; }
tunorch_release() {
  mark=$1 path=$2; shift 2
  for f in /sys/class/net/*/ifalias; do
    a=; read -r a 2>/dev/null <"$f"; case $a in tunorch:*,"$mark"=0*) return 0 ;; esac
  done
  tunorch_sysctl "$path" 0 && for path; do [ ! -e "/proc/sys/$path" ] || tunorch_sysctl "$path" 1; done
}
${FILE_FUNCTIONS}
${SHARE_FUNCTION}
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
${script.tunnels.map(undoFunction).join('\n')}
${script.tunnels.map(peerFunction).join('\n')}
${script.tunnels.map(finalFunction).join('\n')}
${removals(script).map(againFunction).join('\n')}
${script.tunnels.map(unstageFunction).join('\n')}
tunorch_name() { case $1 in ${numbered(script)
    .map(({ number, tunnel }) => `${number}) printf %s ${quote(tunnel)}`)
    .join(' ;; ')} ;; esac; }
tunorch_note() {
  [ -n "$tunorch_actor" ] && [ -e "$tunorch_run/$1.begun" ] || return 0
  f=\${tunorch_run%/*} left=0; read -r left <"$tunorch_run/left"; read -r owner <"$f/owner"
  mkdir -p ${DECISIONS_FOLDER} && [ -O ${DECISIONS_FOLDER} ] && [ ! -L ${DECISIONS_FOLDER} ] && printf '%s %s %s %s %s %s\\n' "$(date +%s)" "$left" "$tunorch_actor" "$2" "$(tunorch_name "$1")" "$owner" >>"${DECISIONS_FOLDER}/\${f##*/}"
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
tunorch_pace() { tunorch_asked=$((tunorch_asked + 1)); [ $((tunorch_asked % ${MOST_ASKED_AT_ONCE})) -ne 0 ] || wait; }
tunorch_ask_tentative() { tunorch_ask "$1" tentative & tunorch_pace; }
tunorch_ask_committed() { tunorch_ask "$1" committed & tunorch_pace; }
tunorch_if_removal() { case ' ${listOf(removals(script))} ' in *" $2 "*) "tunorch_$1_$2" ;; esac; }
tunorch_is_due() { case ' ${listOf(removals(script).filter(({ asksLast }) => asksLast))} ' in *" $1 "*) [ "$tunorch_round" = last ] ;; esac; }
tunorch_restore() { tunorch_is_due "$1" && tunorch_if_removal undo "$1"; }
tunorch_obey() { tunorch_is_due "$1" || return 0; if [ -e "$tunorch_run/$1.answered" ] && tunorch_if_removal again "$1"; then tunorch_keep "$1"; else tunorch_undo "$1"; fi; }
tunorch_all() { for f in "$tunorch_run"/*."$1"; do [ -e "$f" ] && f=\${f##*/} && "$2" "\${f%.*}"; done; }
tunorch_alone() { ( flock 8; "$@" ) 8<"$tunorch_run/mutex"; }
tunorch_evict() {
  read -r self _ </proc/self/stat
  for f in /proc/[0-9]*/fd/8; do
    [ "$f" -ef "$tunorch_run/mutex" ] || continue
    f=\${f#/proc/}; [ "\${f%%/*}" = "$self" ] || kill -9 "\${f%%/*}"
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
  tunorch_home=\${tunorch_run%/*}
  if [ "$tunorch_home/lock" -ef /proc/$$/fd/9 ]; then rm -rf "$tunorch_run/journal" "$tunorch_home"; rmdir "\${tunorch_home%/*}" 2>/dev/null; else rm -rf "$tunorch_run/journal" "$tunorch_run"; fi
}
tunorch_doze() { sleep "$1" 9>&- & trap "kill $! 2>/dev/null; exit" TERM; wait $!; trap - TERM; }
tunorch_watch() {
  tunorch_actor=timer
  tunorch_doze "$1"
  tunorch_force tunorch_expire
  settle=${LEAST_SETTLE_AFTER_SECONDS}; read -r settle 2>/dev/null <"$tunorch_run/settle-after"
  tunorch_doze "$settle"
  tunorch_force tunorch_decide first
  for f in "$tunorch_run"/*.committed; do [ ! -e "$f" ] || { tunorch_doze $((settle + ${secondRoundSeconds(removals(script).length)})); tunorch_force tunorch_decide last; break; }; done
  tunorch_clear
}
# end
`;
}

function undoFunction({ steps }: HostTunnel, index: number): string {
  const lines = inverseOperations(steps).map(inverseLine);
  const begun = `  [ -e "$tunorch_run/${index + 1}.begun" ] || return 0`;
  return [`tunorch_undo_${index + 1}() {`, begun, ...lines.map((line) => `  ${line}`), '  :', '}'].join('\n');
}

/** What nobody could take back waits until nobody may. */
function finalFunction({ steps }: HostTunnel, index: number): string {
  return `tunorch_final_${index + 1}() { ${[...finalLines(steps), ':'].join('; ')}; }`;
}

/** Removals that can be asked about. */
function removals(script: HostScript) {
  return numbered(script).filter(({ evidence }) => evidence === 'peer-is-silent');
}

function listOf(tunnels: readonly { readonly number: number }[]): string {
  return tunnels.map(({ number }) => number).join(' ');
}

/**
 * Removes again what was brought back to ask. From the moment the link is down it answers nobody; whoever was answered before
 * has been heard, and then it stays. It also stays, whole, where it cannot be removed.
 */
function againFunction({ steps, number }: HostTunnel & { readonly number: number }): string {
  const links = steps.flatMap(({ forward }) => forward.flatMap((one) => (one.kind === 'delete-link' ? [one] : [])));
  const isOurs = ({ device, alias }: (typeof links)[number]) => `tunorch_owned ${quoteAll([device, alias])}`;
  const silenced = links.map((link) => `  ! ${isOurs(link)} || ip link set dev ${quote(link.device)} down`);
  const unheard = links.map(
    ({ device }) => `  n=0; read -r n 2>/dev/null <${quote(`/sys/class/net/${device}/statistics/rx_packets`)}; [ "$n" -eq 0 ] || return 1`,
  );
  const gone = links.map((link) => `  ! ${isOurs(link)} || return 1`);
  return [`tunorch_again_${number}() {`, ...silenced, ...unheard, ...againLines(steps).map((line) => `  ${line}`), ...gone, '}'].join('\n');
}

function peerFunction({ targets, evidence }: HostTunnel, index: number): string {
  const devices = [...new Set(targets.map(({ device }) => device))];
  const asked = (device: string) => targets.flatMap((target) => (target.device === device ? [target.address] : []));
  const answers = devices.map((device) => `tunorch_hears ${quoteAll([device, ...asked(device)])}`).join(' || ') || 'false';
  const isKept = { 'peer-answers': answers, 'peer-is-silent': `[ "$1" = committed ] && ! { ${answers}; }`, none: '[ "$1" = committed ]' }[evidence];
  return `tunorch_peer_${index + 1}() { ${isKept}; }`;
}

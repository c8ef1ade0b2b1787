import type { Step } from '../plan/operation.ts';
import { quote } from '../shell/quote.ts';
import { LINK_GROUP } from './commands.ts';
import { inverseLine, inverseOperations } from './inverse.ts';

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
  /** The peer's inner addresses; a host that was told nothing more in time keeps the tunnel only while one of them answers. */
  readonly targets: readonly { readonly device: string; readonly address: string }[];
}

/** The tunnels of a host with the numbers that stand for them in its scripts. */
export function numbered(script: HostScript): readonly (HostTunnel & { readonly number: number })[] {
  return script.tunnels.map((tunnel, index) => ({ ...tunnel, number: index + 1 }));
}

/** Seconds between the timer that undoes and the one that settles what was verified but never confirmed. */
const SETTLE_AFTER_SECONDS = 2;

/**
 * The program a host runs to bring back what it had: written before the first change, the same for the controller's
 * rollback, the session's end and the host's own timer.
 *
 * Each tunnel has one file that says how it stands, and whoever renames it first may act: `armed` (undo it unless told
 * otherwise), `tentative` (this end heard the peer through the tunnel), `committed`, `undoing`, `undone`. `begun` beside
 * it tells that there may be something to undo.
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
${script.tunnels.map(undoFunction).join('\n')}
${script.tunnels.map(answersFunction).join('\n')}
tunorch_claim() { for s in armed tentative committed; do mv "$tunorch_run/$1.$s" "$tunorch_run/$1.undoing" 2>/dev/null && return; done; return 1; }
tunorch_undo() { tunorch_claim "$1" && { "tunorch_undo_$1"; mv "$tunorch_run/$1.undoing" "$tunorch_run/$1.undone"; }; }
tunorch_all() { for f in "$tunorch_run"/*."$1"; do [ -e "$f" ] && f=\${f##*/} && "$2" "\${f%.*}"; done; }
tunorch_alone() { ( flock 8; "$@" ) 8>>"$tunorch_run/mutex"; }
tunorch_undo_armed() { tunorch_all armed tunorch_undo; }
tunorch_keep_or_undo() { if "tunorch_answers_$1"; then mv "$tunorch_run/$1.tentative" "$tunorch_run/$1.committed"; else tunorch_undo "$1"; fi; }
tunorch_settle_tentative() { tunorch_all tentative tunorch_keep_or_undo; }
tunorch_clear() {
  tunorch_home=\${tunorch_run%/*}
  if [ "$tunorch_home/lock" -ef /proc/$$/fd/9 ]; then rm -rf "$tunorch_home"; rmdir "\${tunorch_home%/*}" 2>/dev/null; else rm -rf "$tunorch_run"; fi
}
tunorch_watch() {
  sleep "$1" 9>&-
  tunorch_alone tunorch_undo_armed
  sleep ${SETTLE_AFTER_SECONDS} 9>&-
  tunorch_alone tunorch_settle_tentative
  tunorch_clear
}
# end
`;
}

function undoFunction({ tunnel, steps }: HostTunnel, index: number): string {
  const lines = inverseOperations(steps).map(inverseLine);
  const begun = `  [ -e "$tunorch_run/${index + 1}.begun" ] || return 0`;
  return [`tunorch_undo_${index + 1}() { # ${tunnel}`, begun, ...lines.map((line) => `  ${line}`), '  :', '}'].join('\n');
}

function answersFunction({ targets }: HostTunnel, index: number): string {
  const tries = targets.map(({ device, address }) => `ping -n -q -c 3 -W 1 -I ${quote(device)} ${quote(address)} >/dev/null 2>&1`);
  return `tunorch_answers_${index + 1}() { ${tries.length === 0 ? 'true' : tries.join(' || ')}; }`;
}

import { quote } from '../shell/quote.ts';
import { type HostScript, journalText, timerSeconds } from './journal.ts';
import { FIND_HOME } from './run-folder.ts';

/** Exit statuses of the prepare script, in the spirit of sysexits.h. */
export const PREPARE_STATUS = { stale: 70, unwritable: 73, locked: 75 } as const;

export interface PrepareSettings {
  /** Seconds until the host has undone by itself what was not committed; its timer fires a little earlier. */
  readonly deadlineSeconds: number;
  /** Who runs: shown to whoever finds the host locked. */
  readonly owner: string;
}

/**
 * Locks the host, makes sure it is still as it was when facts were gathered, writes the way back, and arms the timer.
 *
 * The lock is an open file (flock(2)): it dies with the last process that holds it, which is the session or, while
 * something is armed, the timer. Its file goes away with the run, so whoever got it looks whether it still lies where it
 * was opened, and tries again if not; shells of the ksh family keep what they opened from the programs they start, unless
 * it is redirected to itself. What a run left behind whose timer was killed is settled first. When the session
 * ends, whatever is armed is undone, and unless something is left for the timer to decide, nothing of the run stays. Needs the
 * functions of the gather script in the same shell. What the journal holds was partly read from the host, so the word that ends
 * it has the run's number in it: nobody could know it beforehand.
 */
export function prepareScript(script: HostScript, { deadlineSeconds, owner }: PrepareSettings): string {
  const end = `TUNORCH_JOURNAL_${script.run}`;
  return `tunorch_leave() { trap - EXIT; tunorch_alone tunorch_part; exec 9>&-; }
tunorch_prepare() {
  tunorch_watchdog=
  ${FIND_HOME}
  tunorch_run=$tunorch_home/${quote(script.run)}
  for tunorch_try in 1 2 3 4 5; do
    mkdir -p "$tunorch_run" || break
    command exec 9>>"$tunorch_home/lock" || continue
    flock -n 9 9>&9 || { exec 9>&-; rmdir "$tunorch_run"; cat "$tunorch_home/owner"; stat -c %Y "$tunorch_home/owner"; date +%s; return ${PREPARE_STATUS.locked}; }
    [ "$tunorch_home/lock" -ef /proc/$$/fd/9 ] && tunorch_try= && break
  done
  [ -z "$tunorch_try" ] || { rmdir "$tunorch_run" "$tunorch_home" "\${tunorch_home%/*}" 2>/dev/null; return ${PREPARE_STATUS.unwritable}; }
  for f in "$tunorch_home"/*/journal; do [ ! -e "$f" ] || ( tunorch_run=\${f%/journal}; . "$f"; tunorch_recover ); done
  true >"$tunorch_run/mutex" && printf '%s\\n' ${quote(owner)} >"$tunorch_home/owner" && cat >"$tunorch_run/journal" <<'${end}' || { rm -rf "$tunorch_home"; rmdir "\${tunorch_home%/*}" 2>/dev/null; exec 9>&-; return ${PREPARE_STATUS.unwritable}; }
${journalText(script)}${end}
  . "$tunorch_run/journal"
  [ "$(tunorch_network)" = "$tunorch_network_before" ] && [ "$(tunorch_ipsec)" = "$tunorch_ipsec_before" ] && [ "$(tunorch_files)" = "$tunorch_files_before" ] || { tunorch_leave; return ${PREPARE_STATUS.stale}; }
  [ -z "$tunorch_told" ] || [ "$(tunorch_decided)" != "$tunorch_told" ] || mv -f "$tunorch_decisions" "$tunorch_decisions.told"
  for tunorch_number in ${script.tunnels.map((_, index) => index + 1).join(' ')}; do true >"$tunorch_run/$tunorch_number.armed" || { tunorch_leave; return ${PREPARE_STATUS.unwritable}; }; done
  ${watchdog(deadlineSeconds)}
  kill -0 "$tunorch_watchdog" 2>/dev/null || { tunorch_leave; return ${PREPARE_STATUS.unwritable}; }
  trap '' PIPE HUP
  trap tunorch_leave EXIT
}
tunorch_prepare`;
}

/** Starts the timer in the background and says its process id. */
const START =
  'tunorch_leader=; command -v setsid >/dev/null && tunorch_leader=setsid; $tunorch_leader sh -c "$1" tunorch-watchdog "$2" "$3" </dev/null >"$2/log" 2>&1 & echo $!';

/**
 * The timer must outlive its session. setsid(1) keeps the session's signals from it; in a login session of systemd a scope of
 * its own keeps it out of the control group that logind may kill as a whole (logind.conf(5), KillUserProcesses). A scope
 * inherits the open lock, which a timer unit would not. Without either a plain background process must do.
 */
function watchdog(deadlineSeconds: number): string {
  const program = 'tunorch_run=$1; . "$1/journal"; tunorch_watch "$2"';
  return `tunorch_start() { "$@" sh -c ${quote(START)} sh ${quote(program)} "$tunorch_run" ${timerSeconds(deadlineSeconds)} 9>&9; }
  tunorch_watchdog=
  if grep -qs user.slice /proc/self/cgroup && command -v systemd-run >/dev/null; then
    tunorch_attempt=$((\${tunorch_attempt:-0} + 1))
    tunorch_watchdog=$(tunorch_start timeout 20 systemd-run --quiet --collect --scope --unit="tunorch-\${tunorch_run##*/}-\${tunorch_home##*/}-$tunorch_attempt")
  fi
  [ -n "$tunorch_watchdog" ] || tunorch_watchdog=$(tunorch_start)`;
}

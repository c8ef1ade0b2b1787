import { type HostScript, numbered } from './journal.ts';

/** `leave`: as the failure found it, for somebody to look at; nobody undoes it any more. */
export type Verdict = 'commit' | 'roll-back' | 'leave';

/**
 * What became of a tunnel on one host: `expired` where the host's own timer was faster and it decides alone, `lost` where
 * the tunnel was not in the state it should have been left from.
 */
export type Settled = 'committed' | 'undone' | 'left' | 'expired' | 'lost';

const REPORT = '@@tunorch-settle';

/**
 * Commits some tunnels of a host and undoes others in the same round trip.
 *
 * A commit can still be taken back, when the other end does not confirm its own, until {@link finishScript}.
 *
 * @param from - the state a commit starts from: `tentative` where this end heard its peer, `armed` where a removal has nobody to hear
 */
export function settleScript(
  script: HostScript,
  verdicts: ReadonlyMap<string, { readonly verdict: Verdict; readonly from: 'armed' | 'tentative' }>,
): string {
  const lines = numbered(script)
    .toReversed()
    .flatMap(({ tunnel, number }) => {
      const settled = verdicts.get(tunnel);
      if (settled === undefined) return [];
      return `  ${orderFor(settled.verdict)} ${number} ${settled.from}`;
    });
  return `tunorch_say() { printf '${REPORT} %s %s\\n' "$1" "$2"; }
tunorch_commit() { if [ -e "$tunorch_run/expired" ]; then tunorch_say "$1" expired; elif [ -e "$tunorch_run/$1.committed" ] || mv "$tunorch_run/$1.$2" "$tunorch_run/$1.committed" 2>/dev/null; then tunorch_say "$1" committed; else tunorch_say "$1" lost; fi; }
tunorch_take_back() { if [ -e "$tunorch_run/expired" ]; then tunorch_say "$1" expired; elif [ -e "$tunorch_run/$1.undone" ] || tunorch_undo "$1"; then tunorch_say "$1" undone; else tunorch_say "$1" lost; fi; }
tunorch_let_be() { if [ -e "$tunorch_run/expired" ]; then tunorch_say "$1" expired; elif mv "$tunorch_run/$1.armed" "$tunorch_run/$1.kept" 2>/dev/null || mv "$tunorch_run/$1.tentative" "$tunorch_run/$1.kept" 2>/dev/null; then "tunorch_unstage_$1"; tunorch_say "$1" left; else tunorch_say "$1" lost; fi; }
tunorch_settle() {
${lines.join('\n')}
}
tunorch_alone tunorch_settle`;
}

function orderFor(verdict: Verdict): string {
  return { commit: 'tunorch_commit', 'roll-back': 'tunorch_take_back', leave: 'tunorch_let_be' }[verdict];
}

/** Reads what {@link settleScript} printed; a tunnel without a report is left out. */
export function readSettled(script: HostScript, stdout: string): ReadonlyMap<string, Settled> {
  const reports = new Map(
    [...stdout.matchAll(new RegExp(`^${REPORT} (\\d+) (committed|undone|left|expired|lost)$`, 'gm'))].map((match) => [
      Number(match[1]),
      match[2] as Settled,
    ]),
  );
  return new Map(
    numbered(script).flatMap(({ tunnel, number }) => {
      const settled = reports.get(number);
      return settled === undefined ? [] : [[tunnel, settled] as const];
    }),
  );
}

/** The last word, when both ends of these tunnels confirmed: it travels with the end of the session. */
export function finishScript(script: HostScript, tunnels: ReadonlySet<string>): string {
  const numbers = numbered(script).filter(({ tunnel }) => tunnels.has(tunnel));
  return `tunorch_alone tunorch_finish ${numbers.map(({ number }) => number).join(' ')}`;
}

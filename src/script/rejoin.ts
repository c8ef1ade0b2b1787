import { quote } from '../shell/quote.ts';
import type { HostScript } from './journal.ts';

const REPORT = '@@tunorch-rejoin';

/**
 * Takes up a run again in a new shell on a host that was lost: sources its journal, if it is still there.
 *
 * Needs the functions and the answers of the gather script in the same shell.
 */
export function rejoinScript({ run }: HostScript): string {
  return `tunorch_home=\${tunorch_netns#*[}; tunorch_run=/run/tunorch/\${tunorch_home%]}/${quote(run)}; tunorch_watchdog=
if [ -e "$tunorch_run/expired" ]; then echo '${REPORT} expired'
elif [ -e "$tunorch_run/journal" ]; then . "$tunorch_run/journal"; echo '${REPORT} open'
else echo '${REPORT} gone'; fi`;
}

/** `open`: the run goes on there. `expired`: the host decides alone, soon. `gone`: everything is settled. */
export type Rejoined = 'open' | 'expired' | 'gone';

export function readRejoined(stdout: string): Rejoined {
  const word = new RegExp(`^${REPORT} (open|expired)$`, 'm').exec(stdout)?.[1];
  return word === 'open' || word === 'expired' ? word : 'gone';
}

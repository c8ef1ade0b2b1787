import { quote } from '../shell/quote.ts';
import type { HostScript } from './journal.ts';
import { FIND_HOME } from './run-folder.ts';

const REPORT = '@@tunorch-rejoin';

/**
 * Takes up a run again in a new shell on a host that was lost, when it has looked around there: sources its journal, if it is
 * still there. What was seen while the host settled the run may be how it was before, or while it asked its peer; so the run
 * is gone only if it was gone before the look began.
 *
 * @param look - the gather script, whose functions and answers are needed in the same shell
 */
export function rejoinScript({ run }: HostScript, look: string): string {
  return `tunorch_netns=$(readlink /proc/self/ns/net); ${FIND_HOME}; tunorch_run=$tunorch_home/${quote(run)}; tunorch_watchdog=
tunorch_met=gone; [ ! -e "$tunorch_run" ] || tunorch_met=expired
${look}
if [ -e "$tunorch_run/expired" ] || [ ! -e "$tunorch_run/journal" ]; then echo "${REPORT} $tunorch_met"
else . "$tunorch_run/journal"; echo '${REPORT} open'; fi`;
}

/** `open`: the run goes on there. `expired`: the host decides alone, soon. `gone`: everything is settled. */
export type Rejoined = 'open' | 'expired' | 'gone';

export function readRejoined(stdout: string): Rejoined {
  const word = new RegExp(`^${REPORT} (open|gone)$`, 'm').exec(stdout)?.[1];
  return word === 'open' || word === 'gone' ? word : 'expired';
}

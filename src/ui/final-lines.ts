import type { PlaybookRecap } from '../run/events.ts';
import { captureLines } from './capture-lines.ts';
import { diagnosisLines } from './diagnosis-lines.ts';
import { lockLines } from './lock-lines.ts';
import { planLines } from './plan-lines.ts';
import { playbookRecapLines } from './playbook-lines.ts';
import { fullSizeLine, probeLine } from './probe-lines.ts';
import { problemLines } from './problem-lines.ts';
import { recapLines } from './recap-lines.ts';
import type { RunState, TunnelState } from './run-state.ts';
import { type EventTelling, startLines, warningLines } from './tell-event.ts';
import { oneLine, wrap } from './width.ts';

/**
 * What stays after the screen is gone: the plan and the probes where they were asked for, warnings, every problem in full, the recap.
 *
 * Empty for a run without an end: its last frame stays instead.
 */
export function finalLines(state: RunState, telling: EventTelling): readonly string[] {
  if (state.playbook?.recap !== undefined) return playbookLines(state.playbook.recap, state, telling);
  if (state.recap === undefined) return [];
  const tunnels = [...state.tunnels.values()];
  const isPlanTold = telling.showDiff || state.start?.command === 'plan';
  const areProbesTold = telling.verbosity > 0 || state.start?.command === 'verify';
  return [
    ...startLines(state, telling),
    '',
    ...withGap(state.locks.flatMap((lock) => lockLines(lock, { ...telling, isInFull: telling.showDiff || !lock.isWritten }))),
    ...(isPlanTold ? tunnels.flatMap((tunnel) => withGap(planOf(tunnel, telling))) : []),
    ...(areProbesTold ? withGap(tunnels.flatMap((tunnel) => measuredLines(tunnel, telling))) : []),
    ...withGap([...state.hosts.values()].flatMap(({ host, warnings }) => warnings.flatMap((message) => warningLines(host, message, telling)))),
    ...tunnels.flatMap(({ diagnosis }) => (diagnosis === undefined ? [] : withGap(diagnosisLines(diagnosis, telling)))),
    ...withGap(state.captured.flatMap((event) => captureLines(event, state.tunnels.get(event.tunnel)?.hosts, telling))),
    ...state.problems.flatMap((problem) => withGap(problemLines(problem, telling))),
    ...recapLines(state.recap, state, telling),
  ];
}

function playbookLines(recap: PlaybookRecap, { problems }: RunState, telling: EventTelling): readonly string[] {
  return [...problems.flatMap((problem) => withGap(problemLines(problem, telling))), ...playbookRecapLines(recap, telling)];
}

function planOf({ changes, ...tunnel }: TunnelState, telling: EventTelling): readonly string[] {
  return changes === undefined ? [] : planLines({ ...tunnel, changes }, telling);
}

function measuredLines({ name, hosts, probes, fullSize }: TunnelState, { theme, columns }: EventTelling): readonly string[] {
  const lines = [...probes.map(probeLine), ...fullSize.map((probe) => fullSizeLine(probe, hosts))];
  if (lines.length === 0) return [];
  const hanging = (line: string) => wrap(line, columns - 4).map((part, row) => `${' '.repeat(row === 0 ? 2 : 4)}${part}`);
  return [theme.paint('strong', oneLine(name)), ...lines.flatMap(hanging)];
}

function withGap(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [...lines, ''];
}

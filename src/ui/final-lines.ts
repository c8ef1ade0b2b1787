import { planLines } from './plan-lines.ts';
import { problemLines } from './problem-lines.ts';
import { recapLines } from './recap-lines.ts';
import type { RunState } from './run-state.ts';
import { startLines } from './tell-event.ts';
import type { Telling } from './theme.ts';

export interface FinalTelling extends Telling {
  readonly showDiff: boolean;
}

/** What stays after the screen is gone: the plan where it was asked for, every problem in full, the recap. Empty for a run without an end. */
export function finalLines(state: RunState, telling: FinalTelling): readonly string[] {
  if (state.recap === undefined) return [];
  const isDiff = telling.showDiff || state.start?.command === 'plan';
  const planned = [...state.tunnels.values()].flatMap(({ changes, ...tunnel }) => (changes === undefined ? [] : [{ ...tunnel, changes }]));
  return [
    ...startLines(state, telling),
    '',
    ...(isDiff ? planned.flatMap((tunnel) => [...planLines(tunnel, telling.theme), '']) : []),
    ...state.problems.flatMap((problem) => [...problemLines(problem, telling), '']),
    ...recapLines(state.recap, state, telling),
  ];
}

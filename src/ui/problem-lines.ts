import type { ToldProblem } from './run-state.ts';
import type { Telling } from './theme.ts';
import { oneLine, safeLines, wrap } from './width.ts';

const LABEL_WIDTH = 9;

/** `gre1: router-b: apply.step-refused: the host refused a step`: where, what, greppable in one line. */
export function problemTitle(problem: ToldProblem): string {
  return oneLine([problem.tunnel, problem.host, problem.code, problem.message].filter((part) => part !== undefined).join(': '));
}

/** A problem in full: title, step, command, the host's own words, what to do now. */
export function problemLines(problem: ToldProblem, { theme: { paint }, columns }: Telling): readonly string[] {
  const [title = '', ...rest] = wrap(problemTitle(problem), columns - 2);
  const paragraph = (label: string, text: string | undefined) => labelled(label, text, columns);
  return [
    paint('bad', `✗ ${title}`),
    ...rest.map((line) => paint('bad', `  ${line}`)),
    ...paragraph('step', problem.step).map((line) => paint('quiet', line)),
    ...paragraph('command', problem.command),
    ...paragraph('said', problem.words),
    ...paragraph('now', problem.hint).map((line) => paint('busy', line)),
  ];
}

function labelled(label: string, text: string | undefined, columns: number): readonly string[] {
  if (text === undefined) return [];
  const lines = safeLines(text).flatMap((line) => wrap(line, columns - 2 - LABEL_WIDTH));
  return lines.map((line, index) => `  ${(index === 0 ? label : '').padEnd(LABEL_WIDTH)}${line}`);
}

import type { Verdict } from './fault-course.ts';
import { MOMENTS, type Moment } from './fault-gate.ts';
import { FAULTS, type FaultName } from './fault-kinds.ts';
import { lateness } from './fault-report.ts';
import { rewriteTable } from './readme-table.ts';

const NOT_RUN = '–';

export type Cells = Map<string, string>;

export function cellName(fault: FaultName, moment: Moment): string {
  return `${fault} ${moment}`;
}

/** What a cell says: what both hosts have, the exit status of the run, and how late after the deadline a host decided alone. */
export function cellText(verdict: Verdict): string {
  const { outcome, told, violations, hasStruck, secondsPastDeadline } = verdict;
  if (!hasStruck) return NOT_RUN;
  const said = told === 'nothing' ? [] : [`(${told.replace(/^exit (\d+), .*/, '$1')})`];
  return [...(violations.length > 0 ? ['**✗**'] : []), outcome, ...said, ...(secondsPastDeadline === undefined ? [] : [lateness(verdict)])].join(' ');
}

/** The table of the faults in test/README.md, with these cells in place of what it had. */
export async function updateTable(fresh: Cells): Promise<void> {
  await rewriteTable('faults', (table) => tableText(new Map([...readTable(table), ...fresh])));
}

export function tableText(cells: ReadonlyMap<string, string>): string {
  const rows = names().map((fault) => [FAULTS[fault].title, ...MOMENTS.map((moment) => cells.get(cellName(fault, moment)) ?? NOT_RUN)]);
  return [['fault', ...MOMENTS], ['fault', ...MOMENTS].map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

function readTable(text: string): Cells {
  const cells: Cells = new Map();
  for (const line of text.split('\n')) {
    const [title, ...words] = line.split('|').slice(1, -1);
    const fault = names().find((name) => FAULTS[name].title === title?.trim());
    if (fault === undefined) continue;
    for (const [at, word] of words.entries()) {
      const moment = MOMENTS[at];
      if (moment !== undefined) cells.set(cellName(fault, moment), word.trim());
    }
  }
  return cells;
}

function names(): readonly FaultName[] {
  return Object.keys(FAULTS) as FaultName[];
}

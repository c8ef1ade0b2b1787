import { Box } from 'ink';
import { problemLines } from '../problem-lines.ts';
import type { ToldProblem } from '../run-state.ts';
import type { Theme } from '../theme.ts';
import { truncate } from '../width.ts';
import { count } from '../words.ts';
import { Line } from './Line.tsx';

export interface ProblemPanelProps {
  /** In the order they were found. */
  readonly problems: readonly ToldProblem[];
  readonly columns: number;
  readonly rows: number;
  readonly theme: Theme;
}

/** The newest problem in full: the step, its command, the host's own words, what to do. The others follow in the recap. */
export function ProblemPanel({ problems, columns, rows, theme }: ProblemPanelProps) {
  return (
    <Box flexDirection="column">
      {panelLines({ problems, columns, rows, theme }).map((text, row) => (
        <Line key={row} text={` ${theme.paint('bad', '│')} ${text}`} theme={theme} />
      ))}
    </Box>
  );
}

function panelLines({ problems, columns, rows, theme }: ProblemPanelProps): readonly string[] {
  const newest = problems.at(-1);
  if (newest === undefined || rows < 1) return [];
  const lines = problemLines(newest, { theme, columns: columns - 5 });
  const earlier = problems.length - 1;
  const note =
    earlier > 0 && rows > 2 ? [theme.paint('quiet', truncate(`and ${count(earlier, 'problem')} before it; the recap tells all`, columns - 3))] : [];
  return [...cut(lines, rows - note.length, theme), ...note];
}

function cut(lines: readonly string[], rows: number, { paint }: Theme): readonly string[] {
  const last = lines[rows - 1];
  return lines.length <= rows || last === undefined ? lines : [...lines.slice(0, rows - 1), `${last}${paint('quiet', ' …')}`];
}

/** Rows the panel would like to have. */
export function wantedProblemRows(problems: readonly ToldProblem[], columns: number, theme: Theme): number {
  const newest = problems.at(-1);
  if (newest === undefined) return 0;
  return problemLines(newest, { theme, columns: columns - 5 }).length + (problems.length > 1 ? 1 : 0);
}

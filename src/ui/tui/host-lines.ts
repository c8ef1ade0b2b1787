import type { HostState } from '../run-state.ts';
import { hostBadge, hostStanding, inWindow } from '../standing.ts';
import type { Theme } from '../theme.ts';
import { alignLeft, oneLine, truncate, widthOf } from '../width.ts';
import { remainderLine } from './remainder.ts';

export interface HostRows {
  readonly hosts: readonly HostState[];
  readonly columns: number;
  /** Rows to fill, the heading included. */
  readonly rows: number;
  readonly theme: Theme;
  readonly spinner: string;
}

const WORD_WIDTH = 14;
const LEAD = 3;

/** What happens on each host now: a row a host with its newest step, or several hosts a row where there are too many. */
export function hostLines(view: HostRows): readonly string[] {
  const { hosts, columns, rows, theme } = view;
  if (rows < 2 || hosts.length === 0) return [];
  const nameWidth = Math.min(Math.max(4, ...hosts.map(({ host }) => widthOf(oneLine(host)))), Math.max(8, Math.floor(columns / 3)));
  if (hosts.length <= rows - 1) {
    const heading = theme.paint(
      'quiet',
      `${' '.repeat(LEAD)}${alignLeft('HOST', nameWidth)}  ${alignLeft('NOW', WORD_WIDTH)}  NEWEST STEP`.slice(0, columns),
    );
    return [heading, ...hosts.map((host) => hostLine(host, nameWidth, view))];
  }
  return [theme.paint('quiet', `${' '.repeat(LEAD)}HOSTS`), ...gridLines(view, nameWidth, rows - 1)];
}

function hostLine(host: HostState, nameWidth: number, { columns, theme, spinner }: HostRows): string {
  const { sign, word, tone } = hostBadge(host);
  const room = columns - LEAD - nameWidth - WORD_WIDTH - 4;
  const now = `${theme.paint(tone, sign ?? spinner)} ${theme.paint('strong', alignLeft(oneLine(host.host), nameWidth))}`;
  return ` ${now}  ${theme.paint(tone, alignLeft(word, WORD_WIDTH))}  ${theme.paint(tone === 'bad' ? 'bad' : 'quiet', truncate(newestOf(host), Math.max(0, room)))}`;
}

function newestOf({ failure, lastStep, warnings }: HostState): string {
  if (failure !== undefined) return oneLine(failure.message);
  if (lastStep !== undefined) return oneLine(lastStep.state === 'done' ? lastStep.title : `${lastStep.state.replace('-', ' ')}: ${lastStep.title}`);
  return oneLine(warnings.at(-1) ?? '');
}

function gridLines({ hosts, columns, theme, spinner }: HostRows, nameWidth: number, rows: number): readonly string[] {
  const cellWidth = LEAD + nameWidth + 1 + WORD_WIDTH;
  const perRow = Math.max(1, Math.floor((columns + 1) / (cellWidth + 1)));
  const room = hosts.length <= perRow * rows ? perRow * rows : perRow * (rows - 1);
  const shown = inWindow(hosts, room, hostStanding);
  const cells = shown.map((host) => {
    const { sign, word, tone } = hostBadge(host);
    return ` ${theme.paint(tone, sign ?? spinner)} ${alignLeft(oneLine(host.host), nameWidth)} ${theme.paint(tone, alignLeft(word, WORD_WIDTH))}`;
  });
  const lines = Array.from({ length: Math.ceil(cells.length / perRow) }, (_unused, row) => cells.slice(row * perRow, (row + 1) * perRow).join(' '));
  if (shown.length === hosts.length) return lines;
  const rest = hosts.filter((host) => !shown.includes(host)).map((host) => hostBadge(host));
  return [...lines, remainderLine(rest, columns, theme)];
}

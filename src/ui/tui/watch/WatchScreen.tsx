import { Box } from 'ink';
import type { WatchState } from '../../../watch/watch-state.ts';
import type { Theme } from '../../theme.ts';
import { HEALTH_SIGNS } from '../../watch/health-signs.ts';
import { oneLine, truncate, widthOf } from '../../width.ts';
import { count, formatSpan } from '../../words.ts';
import { Line } from '../Line.tsx';
import { type Choice, selectedOf } from './watch-keys.ts';
import { detailLines, headingLine, rowLine, widthsFor } from './watch-lines.ts';
import type { WatchRow } from './watch-rows.ts';

export interface WatchScreenProps {
  readonly state: WatchState;
  readonly rows: readonly WatchRow[];
  readonly choice: Choice;
  /** What happened last, the newest at the end. */
  readonly events: readonly string[];
  readonly now: number;
  readonly size: { readonly columns: number; readonly rows: number };
  readonly theme: Theme;
}

/** Header, heading and the two lines at the bottom. */
const FRAME_ROWS = 4;
/** The cursor's, and one that shows where the screen begins. */
const SPARE_ROWS = 2;
const EVENT_ROWS = 4;

/** Rows of the list, or of one tunnel's details, on a terminal of so many. */
export function bodyRows(rows: number): number {
  return Math.max(1, rows - FRAME_ROWS - SPARE_ROWS - eventRows(rows));
}

function eventRows(rows: number): number {
  return rows < 20 ? 0 : EVENT_ROWS;
}

/** A watch at one moment, in the rows and columns there are. */
export function WatchScreen(props: WatchScreenProps) {
  const { size, theme } = props;
  return (
    <Box flexDirection="column">
      {screenLines(props).map((text, row) => (
        <Line key={row} text={text} theme={theme} />
      ))}
      <Line text={theme.paint('quiet', truncate(` ${helpFor(props.choice)}`, size.columns))} theme={theme} />
    </Box>
  );
}

function screenLines({ state, rows, choice, events, now, size, theme }: WatchScreenProps): readonly string[] {
  const selected = selectedOf(choice, rows);
  const room = bodyRows(size.rows);
  const top = headerLine(state, { now, columns: size.columns, theme });
  const bottom = statusLine({ state, rows, choice, size, theme });
  if (choice.isOpen && selected !== undefined) {
    const whole = room + 1 + eventRows(size.rows);
    return [top, ...filled(cut(detailLines(selected, state, { theme, columns: size.columns, now }), whole, theme), whole), bottom];
  }
  const list = listLines({ rows, selected, now, theme, columns: size.columns, room });
  const told = events.slice(-eventRows(size.rows)).map((line) => ` ${truncate(line, size.columns - 2)}`);
  return [top, ...filled(list, room + 1), ...filled(told, eventRows(size.rows)), bottom];
}

/** Always as many lines, so that what is below does not jump. */
function filled(lines: readonly string[], count: number): readonly string[] {
  return Array.from({ length: count }, (_unused, row) => lines[row] ?? '');
}

function cut(lines: readonly string[], room: number, { paint }: Theme): readonly string[] {
  return lines.length <= room
    ? lines
    : [...lines.slice(0, room - 1), paint('quiet', ` … ${lines.length - room + 1} more lines: a taller terminal shows them`)];
}

interface List {
  readonly rows: readonly WatchRow[];
  readonly selected: WatchRow | undefined;
  readonly now: number;
  readonly theme: Theme;
  readonly columns: number;
  readonly room: number;
}

/** The cursor stays in sight: the list moves under it, a page at a time. */
function listLines({ rows, selected, now, theme, columns, room }: List): readonly string[] {
  const widths = widthsFor(rows, columns);
  const index = rows.findIndex(({ name }) => name === selected?.name);
  const first = Math.floor(Math.max(0, index) / room) * room;
  const shown = rows.slice(first, first + room);
  const lines = shown.map((row) => rowLine(row, widths, { theme, now, isSelected: row === selected }));
  return [headingLine(widths, theme), ...lines];
}

function headerLine(
  { startedAt, pulses, hosts }: WatchState,
  { now, columns, theme: { paint } }: { readonly now: number; readonly columns: number; readonly theme: Theme },
): string {
  const title = ' tunorch watch ';
  const facts = [count(pulses.size, 'tunnel'), count(hosts.size, 'host'), formatSpan(Math.max(0, now - startedAt))].join(' · ');
  const counted = (['up', 'degraded', 'down', 'unknown'] as const)
    .map((health) => ({ health, number: [...pulses.values()].filter((pulse) => pulse.health === health).length }))
    .filter(({ number }) => number > 0);
  const words = counted.map(({ health, number }) => `${number} ${health}`);
  const painted = counted.map(({ health }, index) => paint(HEALTH_SIGNS[health].tone, words[index] ?? ''));
  const line = `─── ${facts} · `;
  if (widthOf(title) + widthOf(line) + widthOf(words.join('  ')) > columns) return `${paint('strong', title)}${painted.join('  ')}`;
  return `${paint('strong', title)}${paint('quiet', line)}${painted.join('  ')}`;
}

/** How the list is looked at, and which hosts cannot be asked. */
function statusLine({ state, rows, choice, size, theme: { paint } }: Pick<WatchScreenProps, 'state' | 'rows' | 'choice' | 'size' | 'theme'>): string {
  const { sort, isReversed, filter, isTyping } = choice;
  const position = rows.findIndex(({ name }) => name === selectedOf(choice, rows)?.name) + 1;
  const look = `${position}/${rows.length}  sort: ${sort}${isReversed ? ' reversed' : ''}${filter === '' && !isTyping ? '' : `  filter: ${filter}${isTyping ? '_' : ''}`}`;
  const lost = [...state.hosts.values()].filter(({ isReached, failure }) => !isReached && failure !== undefined);
  const told = lost.map(({ host, failure }) => `${oneLine(host)}: ${failure?.code}`).join(', ');
  const room = size.columns - widthOf(look) - 4;
  return ` ${paint('strong', look)}${told === '' || room < 10 ? '' : `  ${paint('bad', truncate(told, room))}`}`;
}

function helpFor({ isOpen, isTyping }: Choice): string {
  if (isTyping) return 'type a part of a name or a state · Enter keep · Esc clear';
  return isOpen ? '↑↓ next tunnel · d doctor · Esc back · q quit' : '↑↓ move · Enter open · s sort · r reverse · / filter · d doctor · q quit';
}

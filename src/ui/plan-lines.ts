import type { PlannedChange, TunnelSummary } from '../run/events.ts';
import type { Paint, Telling, Tone } from './theme.ts';
import { alignLeft, inRows, oneLine, widthOf, wrap } from './width.ts';
import { count } from './words.ts';

type Action = PlannedChange['action'];

/** The marks of a diff, as terraform made them known. */
const MARKS: Readonly<Record<Action, { readonly sign: string; readonly tone: Tone; readonly note: string }>> = {
  add: { sign: '+', tone: 'good', note: 'to add' },
  change: { sign: '~', tone: 'changed', note: 'to change' },
  replace: { sign: '-/+', tone: 'replace', note: 'to replace' },
  remove: { sign: '-', tone: 'bad', note: 'to remove' },
  load: { sign: '+', tone: 'good', note: 'to load' },
  run: { sign: '!', tone: 'changed', note: 'to run' },
};

/** A tunnel with what its plan needs. */
export interface PlannedTunnel extends TunnelSummary {
  readonly changes: readonly PlannedChange[];
  readonly mtuBytes?: number;
}

/** The plan of one tunnel as a diff: a title, then a line an object. */
export function planLines(tunnel: PlannedTunnel, { theme: { paint }, columns }: Telling): readonly string[] {
  const [name = '', ...rest] = [oneLine(tunnel.name), ...describe(tunnel), ...(tunnel.changes.length === 0 ? ['no changes'] : [])];
  const parts: readonly Part[] = [{ text: name, tone: 'strong' }, ...rest.map((text) => ({ text, tone: 'quiet' }) as const)];
  const hostWidth = Math.max(0, ...tunnel.changes.map(({ host }) => widthOf(oneLine(host))));
  const inColumns = (each: readonly Part[], indent: number) => rowsOf(each, columns - indent).map((row) => paintRow(row, paint));
  return [
    ...inColumns(parts, 2).map((line, row) => (row === 0 ? line : `  ${line}`)),
    ...tunnel.changes.flatMap((change) => {
      const { sign, tone } = MARKS[change.action];
      const lines = inColumns(partsOf(change, hostWidth), INDENT + 4);
      return lines.map((line, row) => (row === 0 ? `${paint(tone, sign.padStart(INDENT - 1))} ${line}` : `${' '.repeat(INDENT + 4)}${line}`));
    }),
  ];
}

interface Part {
  readonly text: string;
  readonly tone: Tone;
}

/** Cells before the host of a change. */
const INDENT = 6;

function rowsOf(parts: readonly Part[], width: number): readonly (readonly Part[])[] {
  const narrow = parts.flatMap((part) => wrap(part.text, width).map((text) => ({ ...part, text })));
  return inRows(narrow, width, 2);
}

function paintRow(row: readonly Part[], paint: Paint): string {
  return row.map(({ text, tone }) => paint(tone, text)).join('  ');
}

/** `gre key 1`, `router-a ⇄ router-b`, `mtu 1476` */
function describe(tunnel: PlannedTunnel): readonly string[] {
  const mode = tunnel.key === undefined ? tunnel.mode : `${tunnel.mode} key ${tunnel.key}`;
  return [oneLine(mode), endsOf(tunnel), ...(tunnel.mtuBytes === undefined ? [] : [`mtu ${tunnel.mtuBytes}`])];
}

export function endsOf(tunnel: Pick<TunnelSummary, 'hosts'>): string {
  return tunnel.hosts.map(oneLine).join(' ⇄ ');
}

function partsOf({ host, action, object, differences = [] }: PlannedChange, hostWidth: number): readonly Part[] {
  const quiet = (text: string) => ({ text, tone: 'quiet' }) as const;
  return [
    { text: `${alignLeft(oneLine(host), hostWidth)}  ${oneLine(object)}`, tone: MARKS[action].tone },
    ...differences.map(({ name, from, to }) => quiet(oneLine(from === undefined ? `${name} ${to ?? ''}` : `${name} ${from} → ${to ?? 'unset'}`))),
    ...(action === 'load' ? [quiet('stays loaded, also after a rollback')] : []),
  ];
}

/** `8 changes: 6 to add, 1 to replace, 1 to load`, or `no changes`. */
export function planSummary(changes: readonly PlannedChange[]): string {
  if (changes.length === 0) return 'no changes';
  const parts = (Object.keys(MARKS) as Action[]).flatMap((action) => {
    const number = changes.filter((change) => change.action === action).length;
    return number === 0 ? [] : [`${number} ${MARKS[action].note}`];
  });
  return `${count(changes.length, 'change')}: ${parts.join(', ')}`;
}

/** `+6 ~1 -/+1`: a plan in the width of a column. */
export function planMarks(changes: readonly PlannedChange[]): string {
  const signs = ['+', '~', '-/+', '-', '!'];
  const marks = signs.map((sign) => ({ sign, number: changes.filter(({ action }) => MARKS[action].sign === sign).length }));
  const shown = marks.filter(({ number }) => number > 0).map(({ sign, number }) => `${sign}${number}`);
  return shown.length === 0 ? 'no changes' : shown.join(' ');
}

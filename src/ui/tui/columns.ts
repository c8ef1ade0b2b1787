import { healthOf, mtuOf } from '../health.ts';
import { planMarks } from '../plan-lines.ts';
import type { TunnelState } from '../run-state.ts';
import { tunnelBadge } from '../standing.ts';
import type { Theme, Tone } from '../theme.ts';
import { alignLeft, alignRight, oneLine, truncate, widthOf } from '../width.ts';

/** One column of the table of tunnels at its final width. */
export interface Column {
  readonly title: string;
  readonly width: number;
  readonly cell: (tunnel: TunnelState, theme: Theme) => string;
}

export interface Table {
  readonly columns: readonly Column[];
  readonly gap: string;
}

/** A column before the terminal's width is known. */
interface Wish {
  readonly title: string;
  readonly least: number;
  readonly ideal: number;
  /** The column with the highest goes first when there is no room; 0 stays. */
  readonly sacrifice: number;
  readonly cell: (width: number) => Column['cell'];
}

/** Cells before the first column: margin, sign, space. */
const LEAD = 3;

/** The columns that fit: the least telling ones go first, and what is left over goes to names and ends. */
export function tunnelTable(tunnels: readonly TunnelState[], terminalColumns: number): Table {
  const room = terminalColumns - LEAD;
  const keep = (wishes: readonly Wish[], gap: number): readonly Wish[] => {
    const least = sum(wishes.map((wish) => wish.least)) + gap * (wishes.length - 1);
    const victim = wishes.reduce((worst, wish) => (wish.sacrifice > worst.sacrifice ? wish : worst));
    return least <= room || victim.sacrifice === 0
      ? wishes
      : keep(
          wishes.filter((wish) => wish !== victim),
          gap,
        );
  };
  const wishes = wishesFor(tunnels, terminalColumns);
  const comfort = wishes.filter(({ title }) => title !== 'NOW');
  const gap = sum(comfort.map(({ ideal }) => ideal)) + 2 * (comfort.length - 1) <= room ? 2 : 1;
  const kept = keep(wishes, gap);
  const widths = grow(kept, room - gap * (kept.length - 1));
  return {
    gap: ' '.repeat(gap),
    columns: kept.map((wish, index) => ({ title: wish.title, width: widths[index] ?? 0, cell: wish.cell(widths[index] ?? 0) })),
  };
}

function grow(wishes: readonly Wish[], room: number): readonly number[] {
  let spare = room - sum(wishes.map((wish) => wish.least));
  return wishes.map(({ least, ideal }) => {
    const extra = Math.max(0, Math.min(ideal - least, spare));
    spare -= extra;
    return Math.max(1, least + extra + Math.min(0, spare));
  });
}

function wishesFor(tunnels: readonly TunnelState[], terminalColumns: number): readonly Wish[] {
  const widest = (title: string, text: (tunnel: TunnelState) => string) => Math.max(title.length, ...tunnels.map((one) => widthOf(text(one))));
  const keyWidth = Math.min(
    11,
    widest('KEY', ({ key = '' }) => oneLine(key)),
  );
  const modeWidth = widest('MODE', ({ mode }) => oneLine(mode));
  const phaseWidth = terminalColumns >= 96 ? 16 : 12;
  const nameWidth = Math.min(
    32,
    widest('TUNNEL', ({ name }) => oneLine(name)),
  );
  const endsWidth = Math.min(48, 3 + 2 * Math.max(4, ...tunnels.flatMap(({ hosts }) => hosts.map((host) => widthOf(oneLine(host))))));
  const hasKeys = tunnels.some(({ key }) => key !== undefined);
  return [
    wish('TUNNEL', { least: Math.min(8, nameWidth), ideal: nameWidth, sacrifice: 0 }, nameCell),
    wish('ENDS', { least: Math.min(15, endsWidth), ideal: endsWidth, sacrifice: 5 }, endsCell),
    wish('MODE', { least: modeWidth, ideal: modeWidth, sacrifice: 8 }, modeCell),
    ...(hasKeys ? [wish('KEY', { least: keyWidth, ideal: keyWidth, sacrifice: 7 }, keyCell)] : []),
    wish('PHASE', { least: phaseWidth, ideal: phaseWidth, sacrifice: 0 }, phaseCell),
    wish('RTT', { least: 7, ideal: 7, sacrifice: 4 }, rttCell),
    wish('LOSS', { least: 5, ideal: 5, sacrifice: 3 }, lossCell),
    wish('MTU', { least: 5, ideal: 5, sacrifice: 6 }, mtuCell),
    wish('NOW', { least: 16, ideal: 200, sacrifice: 9 }, nowCell),
  ];
}

function wish(title: string, size: Pick<Wish, 'least' | 'ideal' | 'sacrifice'>, cell: Wish['cell']): Wish {
  return { title, ...size, cell };
}

function nameCell(width: number): Column['cell'] {
  return ({ name }, { paint }) => paint('strong', alignLeft(oneLine(name), width));
}

function endsCell(width: number): Column['cell'] {
  return ({ hosts }) => alignLeft(endsWithin(hosts, width), width);
}

function modeCell(width: number): Column['cell'] {
  return ({ mode }) => alignLeft(oneLine(mode), width);
}

function keyCell(width: number): Column['cell'] {
  return ({ key = '–' }) => alignLeft(oneLine(key), width);
}

function rttCell(width: number): Column['cell'] {
  return (tunnel) => alignRight(healthOf(tunnel).rtt, width);
}

function nowCell(width: number): Column['cell'] {
  return (tunnel, { paint }) => paint('quiet', alignLeft(nowOf(tunnel), width));
}

function phaseCell(width: number): Column['cell'] {
  return (tunnel, { paint }) => {
    const { word, tone } = tunnelBadge(tunnel);
    return paint(tone, alignLeft(word === 'rollback incomplete' && width < word.length ? 'incomplete' : word, width));
  };
}

function lossCell(width: number): Column['cell'] {
  return (tunnel, { paint }) => {
    const { loss, hasLoss } = healthOf(tunnel);
    return hasLoss ? paint('bad', alignRight(loss, width)) : alignRight(loss, width);
  };
}

function mtuCell(width: number): Column['cell'] {
  return (tunnel, { paint }) => {
    const text = alignRight(mtuOf(tunnel), width);
    return text.endsWith('!') ? paint('bad', text) : text;
  };
}

/** Both names are cut, not only the second: an end that cannot be read is no end. */
function endsWithin(hosts: readonly [string, string], width: number): string {
  const [first, second] = hosts.map(oneLine) as [string, string];
  const room = width - 3;
  const half = Math.floor(room / 2);
  const firstWidth = Math.max(half, room - widthOf(second));
  const cut = truncate(first, firstWidth);
  return `${cut} ⇄ ${truncate(second, room - widthOf(cut))}`;
}

function nowOf(tunnel: TunnelState): string {
  const finding = tunnel.diagnosis?.findings[0];
  if (finding !== undefined) return oneLine(`${finding.host ?? ''} ${finding.cause}`.trim());
  const problem = tunnel.problems.at(-1);
  if (problem !== undefined) return oneLine(`${problem.host ?? ''} ${problem.code}`);
  if (tunnel.outcome !== undefined) return tunnel.changes === undefined ? '' : planMarks(tunnel.changes);
  if (tunnel.lastStep !== undefined && tunnel.phase === 'apply') return oneLine(`${tunnel.lastStep.host}: ${tunnel.lastStep.title}`);
  return tunnel.changes === undefined ? '' : planMarks(tunnel.changes);
}

/** The headings, aligned as their columns. */
export function headingLine({ columns, gap }: Table, { paint }: Theme): string {
  const isNumber = (title: string) => title === 'RTT' || title === 'LOSS' || title === 'MTU';
  const cells = columns.map(({ title, width }) => (isNumber(title) ? alignRight(title, width) : alignLeft(title, width)));
  return paint('quiet', `${' '.repeat(LEAD)}${cells.join(gap)}`.trimEnd());
}

/** One tunnel as one line. */
export function tunnelLine(
  tunnel: TunnelState,
  { columns, gap }: Table,
  { theme, spinner }: { readonly theme: Theme; readonly spinner: string },
): string {
  const badge = tunnelBadge(tunnel);
  const tone: Tone = badge.tone;
  return ` ${theme.paint(tone, badge.sign ?? spinner)} ${columns.map(({ cell }) => cell(tunnel, theme)).join(gap)}`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

import type { End } from '../../../watch/end.ts';
import type { Traffic } from '../../../watch/sighting.ts';
import type { WatchState } from '../../../watch/watch-state.ts';
import { diagnosisLines } from '../../diagnosis-lines.ts';
import type { Telling, Theme } from '../../theme.ts';
import { HEALTH_SIGNS } from '../../watch/health-signs.ts';
import { alignLeft, alignRight, oneLine, truncate, widthOf, wrap } from '../../width.ts';
import { count, formatMs, formatSpan } from '../../words.ts';
import { sparkline } from './sparkline.ts';
import type { WatchRow } from './watch-rows.ts';

const WIDTHS = { state: 8, loss: 5, rtt: 8, rate: 8, since: 10 } as const;
/** Cursor, sign and a space. */
const LEAD = 4;
/** From here on there is room for both hosts. */
const WIDE = 110;

interface Widths {
  readonly name: number;
  /** 0: left out. */
  readonly ends: number;
  readonly spark: number;
}

/** What is left over goes to names, hosts and the sparkline; what is too long is cut. */
export function widthsFor(rows: readonly WatchRow[], columns: number): Widths {
  const fixed = LEAD + WIDTHS.state + WIDTHS.loss + WIDTHS.rtt + 2 * WIDTHS.rate + WIDTHS.since + 7;
  const longest = Math.max(6, ...rows.map(({ name }) => widthOf(oneLine(name))));
  const ends = columns < WIDE ? 0 : Math.min(30, Math.max(4, ...rows.map((row) => widthOf(endsOf(row)))));
  const room = columns - fixed - (ends === 0 ? 0 : ends + 1);
  const name = Math.max(6, Math.min(longest, room - 10));
  return { name, ends, spark: Math.max(0, Math.min(40, room - name - 1)) };
}

export function headingLine({ name, ends, spark }: Widths, { paint }: Theme): string {
  const cells = [
    alignLeft('TUNNEL', name),
    ...(ends === 0 ? [] : [alignLeft('ENDS', ends)]),
    alignLeft('STATE', WIDTHS.state),
    alignRight('LOSS', WIDTHS.loss),
    alignRight('RTT', WIDTHS.rtt),
    alignLeft('', spark),
    alignRight('THERE/s', WIDTHS.rate),
    alignRight('BACK/s', WIDTHS.rate),
    alignRight('SINCE', WIDTHS.since),
  ];
  return paint('quiet', `${' '.repeat(LEAD)}${cells.join(' ')}`);
}

/** One tunnel as one line. */
export function rowLine(
  row: WatchRow,
  { name, ends, spark }: Widths,
  view: { readonly theme: Theme; readonly now: number; readonly isSelected: boolean },
): string {
  const { theme, now, isSelected } = view;
  const { paint } = theme;
  const { health, since, beats, answersSince } = row.pulse;
  const { sign, tone } = HEALTH_SIGNS[health];
  const hasLoss = (row.lossPercent ?? 0) > 0;
  const loss = alignRight(row.lossPercent === undefined ? '–' : `${Math.ceil(row.lossPercent)} %`, WIDTHS.loss);
  const cells = [
    isSelected ? paint('strong', alignLeft(oneLine(row.name), name)) : alignLeft(oneLine(row.name), name),
    ...(ends === 0 ? [] : [paint('quiet', alignLeft(endsOf(row), ends))]),
    paint(tone, alignLeft(answersSince === undefined ? health : 'damped', WIDTHS.state)),
    hasLoss ? paint('bad', loss) : loss,
    alignRight(row.rttMs === undefined ? '–' : `${formatMs(row.rttMs)} ms`, WIDTHS.rtt),
    paint(health === 'up' ? 'good' : tone, sparkline(beats, spark)),
    alignRight(formatBytes(row.there), WIDTHS.rate),
    alignRight(formatBytes(row.back), WIDTHS.rate),
    paint('quiet', alignRight(formatSpan(Math.max(0, now - since)), WIDTHS.since)),
  ];
  return ` ${isSelected ? paint('strong', '>') : ' '}${paint(tone, sign)} ${cells.join(' ')}`;
}

function endsOf({ hosts: [first, second] }: WatchRow): string {
  return `${oneLine(first)} ⇄ ${oneLine(second)}`;
}

/** `812`, `1.4 k`, `23 M`: bytes, a thousand at a time. */
function formatBytes(bytes: number | undefined): string {
  if (bytes === undefined) return '–';
  const power = bytes < 1 ? 0 : Math.min(4, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return `${power > 0 && value < 10 ? value.toFixed(1) : Math.round(value)} ${['B', 'kB', 'MB', 'GB', 'TB'][power]}`;
}

/** Everything that is known of one tunnel: both ends, what they counted, and what doctor said last. */
export function detailLines(
  { name, pulse }: WatchRow,
  state: WatchState,
  { theme, columns, now }: Telling & { readonly now: number },
): readonly string[] {
  const { paint } = theme;
  const { sign, tone } = HEALTH_SIGNS[pulse.health];
  const note = state.notes.get(name);
  const diagnosed = state.diagnoses.get(name);
  const ago = (at: number) => `${formatSpan(Math.max(0, now - at))} ago`;
  const why = pulse.reason === undefined ? '' : `: ${oneLine(pulse.reason)}`;
  const held = pulse.answersSince === undefined ? [] : [`it answers since ${formatSpan(now - pulse.answersSince)}, and is held back since it flaps`];
  return [
    ...wrap(`${sign} ${oneLine(name)} ${pulse.health} for ${formatSpan(Math.max(0, now - pulse.since))}${why}`, columns - 2).map(
      (line) => ` ${paint(tone, line)}`,
    ),
    ...held.flatMap((words) => wrap(words, columns - 4)).map((line) => `   ${paint('changed', line)}`),
    '',
    ...pulse.ends.flatMap((end) => endLines(end, theme)),
    ` ${paint('quiet', truncate(`${pulse.tunnel.mode}, ${count(pulse.changes, 'change')}, ${count(pulse.outages.length, 'outage')} remembered`, columns - 2))}`,
    ...(note === undefined ? [] : ['', ...wrap(`${ago(note.at)}: ${oneLine(note.words)}`, columns - 2).map((line) => ` ${line}`)]),
    ...(diagnosed === undefined
      ? []
      : [
          '',
          ` ${paint('quiet', `doctor, ${ago(diagnosed.at)}:`)}`,
          ...diagnosisLines(diagnosed.diagnosis, { theme, columns: columns - 2 }).map((line) => ` ${line}`),
        ]),
  ];
}

function endLines({ host, device, isSeen, misses, link, rttMs, counters }: End, { paint }: Theme): readonly string[] {
  const standing = isSeen
    ? `${link ?? '–'}, ${misses === 0 ? `peer answers${rttMs === undefined ? '' : ` in ${formatMs(rttMs)} ms`}` : `no answer ${misses} times`}`
    : 'cannot be asked';
  return [
    ` ${paint('strong', `${oneLine(host)} ${device}`)}  ${standing}`,
    ...(counters === undefined ? [] : [trafficLine('received', counters.rx), trafficLine('sent', counters.tx)]),
    '',
  ];
}

function trafficLine(way: string, { bytes, packets, errors, dropped }: Traffic): string {
  return `   ${alignLeft(way, 9)}${alignRight(formatBytes(bytes), 9)}  ${packets} packets, ${errors} errors, ${dropped} dropped`;
}

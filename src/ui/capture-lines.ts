import type { CapturedEnd, CaptureEvent, ClockDifference, ToldPacket, ToldSighting, Traffic } from '../run/events.ts';
import { layerWords } from './layer-words.ts';
import type { Telling } from './theme.ts';
import { alignLeft, oneLine, widthOf, wrap } from './width.ts';
import { count, formatMs } from './words.ts';

type EventOf<Type extends CaptureEvent['type']> = Extract<CaptureEvent, { readonly type: Type }>;

/** With -v the filter is told as well. */
type CaptureTelling = Telling & { readonly verbosity: number };

/** What a capture tells, both ends side by side where there is room, the first host to the left. */
export function captureLines(event: CaptureEvent, hosts: readonly [string, string] | undefined, telling: CaptureTelling): readonly string[] {
  const { paint } = telling.theme;
  switch (event.type) {
    case 'listening': {
      const words = `${event.tunnel}: ${event.host}: ${event.program} listens on ${event.device}${telling.verbosity > 0 ? `: ${event.filter}` : ''}`;
      return wrap(oneLine(words), telling.columns).map((line) => paint('quiet', line));
    }
    case 'captured':
      return event.ends.flatMap((end) => shortfall(event.tunnel, end, telling)).concat(clockLines(event.clocks, hosts, telling));
    case 'packet':
      return packetLines(event.packet, hosts ?? [event.packet.from, event.packet.to], telling);
    case 'traffic':
      return trafficLines(event, hosts?.[0], telling);
  }
}

/** What a capture lacks. */
function shortfall(tunnel: string, { host, packets, isFull, dropped }: CapturedEnd, { theme, columns }: Telling): readonly string[] {
  const words = [
    ...(isFull ? [`the capture is full with ${count(packets, 'packet')}: there were more (--count)`] : []),
    ...(dropped > 0 ? [`the kernel had no room for ${count(dropped, 'packet')}`] : []),
  ];
  return words.flatMap((word) => wrap(oneLine(`${tunnel}: ${host}: ${word}`), columns)).map((line) => theme.paint('changed', line));
}

function clockLines(
  clocks: ClockDifference | undefined,
  hosts: readonly [string, string] | undefined,
  { theme, columns }: Telling,
): readonly string[] {
  if (hosts === undefined) return [];
  const [first, second] = hosts;
  const words =
    clocks === undefined
      ? `nobody knows how the clocks of ${first} and ${second} differ: times of two hosts are not to be compared`
      : `the clock of ${second} is ${signedMs(clocks.differenceMs)} ms against that of ${first}, give or take ${formatMs(clocks.uncertaintyMs)} ms: times of two hosts are compared no more exactly than that`;
  return wrap(oneLine(words), columns).map((line) => theme.paint('quiet', line));
}

function signedMs(ms: number): string {
  return `${ms < 0 ? '-' : '+'}${formatMs(Math.abs(ms))}`;
}

const INDENT = '  ';
const GAP = 3;
/** Cells of a column, so that packets of one tunnel stand below each other. */
const USUAL_WIDTH = 64;

function packetLines({ number, from, to, sent, arrived }: ToldPacket, [first]: readonly [string, string], telling: Telling): readonly string[] {
  const isGoing = from === first;
  const cells = [cell(from, 'left', sent), cell(to, 'came to', arrived)];
  const [left = [], right = []] = isGoing ? cells : cells.toReversed();
  const title = oneLine(`${number}  ${from} → ${to}`);
  return ['', telling.theme.paint('strong', title), ...besideOrBelow(left, right, telling.columns).map((line) => `${INDENT}${line}`.trimEnd())];
}

function cell(host: string, verb: 'left' | 'came to', sighting: ToldSighting | undefined): readonly string[] {
  if (sighting === undefined) return [oneLine(`not seen at ${host}`)];
  return [oneLine(`${sighting.sinceMs.toFixed(3)} ms  ${verb} ${host}`), ...sighting.layers.map((layer) => oneLine(layerWords(layer)))];
}

function besideOrBelow(left: readonly string[], right: readonly string[], columns: number): readonly string[] {
  const width = Math.max(USUAL_WIDTH, ...left.map(widthOf));
  if (INDENT.length + width + GAP + Math.max(...right.map(widthOf)) > columns)
    return [...left, ...right].flatMap((line) => wrap(line, columns - INDENT.length));
  return Array.from(
    { length: Math.max(left.length, right.length) },
    (_, row) => `${alignLeft(left[row] ?? '', width)}${' '.repeat(GAP)}${right[row] ?? ''}`,
  );
}

/** A line each way, apart from the packets. */
function trafficLines({ tunnel, traffic }: EventOf<'traffic'>, first: string | undefined, { theme, columns }: Telling): readonly string[] {
  const lines = wrap(oneLine(`${tunnel}: ${trafficWords(traffic)}`), columns).map((line) => theme.paint(isWell(traffic) ? 'good' : 'bad', line));
  return traffic.from === first ? ['', ...lines] : lines;
}

/** `router-a → router-b: 3 echo requests sent, 3 arrived, 3 answered` */
function trafficWords({ from, to, of, sent, arrived, echoes }: Traffic): string {
  const things = of === 'packets' ? 'packet' : 'echo request';
  return [
    `${from} → ${to}: ${sent === undefined ? `${things}s not all seen at ${from}` : `${count(sent, things)} sent`}`,
    arrived === undefined ? `not all seen at ${to}` : `${arrived} arrived`,
    ...(echoes === undefined
      ? []
      : [of === 'packets' ? `${echoes.received} of ${count(echoes.sent, 'echo request')} answered` : `${echoes.received} answered`]),
  ].join(', ');
}

function isWell({ sent, arrived, echoes }: Traffic): boolean {
  const areAllThere = sent === undefined || arrived === undefined || arrived >= sent;
  return areAllThere && (echoes === undefined || (echoes.sent > 0 && echoes.received >= echoes.sent));
}

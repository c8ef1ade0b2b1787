import type { Recap, RunEvent } from '../../run/events.ts';
import { diagnosisLines } from '../diagnosis-lines.ts';
import type { Telling, Tone } from '../theme.ts';
import { oneLine } from '../width.ts';
import { count, formatSpan } from '../words.ts';
import { HEALTH_SIGNS } from './health-signs.ts';

type EventOf<Type extends RunEvent['type']> = Extract<RunEvent, { readonly type: Type }>;

const REPAIR_TONES: Readonly<Record<EventOf<'repair'>['state'], Tone>> = { started: 'quiet', repaired: 'changed', failed: 'bad', left: 'bad' };

/** One event of a watch as lines for a log, each with its time (ISO 8601, UTC); most events are one line. */
export function tellWatch(event: RunEvent, telling: Telling): readonly string[] {
  return watchLines(event, telling).map((line) => `${telling.theme.paint('quiet', new Date(event.at).toISOString())} ${line}`);
}

/** The same without a time. */
export function watchLines(event: RunEvent, telling: Telling): readonly string[] {
  const { paint } = telling.theme;
  switch (event.type) {
    case 'run-started':
      return [paint('strong', `tunorch watch: ${count(event.tunnels.length, 'tunnel')} on ${count(event.hosts.length, 'host')}`)];
    case 'tunnel-health':
      return [healthLine(event, telling)];
    case 'host-reached':
      return [paint('quiet', `${oneLine(event.host)}: reached`)];
    case 'host-failed':
      return [paint('changed', oneLine(`${event.host}: ${event.code}: ${event.message}`))];
    case 'repair':
      return [paint(REPAIR_TONES[event.state], oneLine(`${event.tunnel}: ${event.state === 'started' ? '' : `${event.state}: `}${event.words}`))];
    case 'watch-warning':
      return [paint('changed', `warning: ${oneLine(event.message)}`)];
    case 'diagnosis':
      return diagnosisLines(event.diagnosis, telling);
    case 'run-finished':
      return [paint('strong', lastLine(event.recap))];
    default:
      return [];
  }
}

function healthLine({ tunnel, health, before, reason, lastedMs, isFirst }: EventOf<'tunnel-health'>, { theme: { paint } }: Telling): string {
  const { sign, tone } = HEALTH_SIGNS[health];
  const why = reason === undefined ? '' : `: ${oneLine(reason)}`;
  const after = isFirst ? '' : paint('quiet', ` (${before} for ${formatSpan(lastedMs)})`);
  return `${paint(tone, `${sign} ${oneLine(tunnel)} ${health}`)}${why}${after}`;
}

const ENDINGS = [
  ['ok', 'up'],
  ['degraded', 'degraded'],
  ['failed', 'down'],
  ['unreachable', 'unknown'],
] as const;

function lastLine({ tunnels, elapsedMs }: Recap): string {
  const counted = ENDINGS.map(([outcome, word]) => [tunnels.filter((tunnel) => tunnel.outcome === outcome).length, word] as const);
  const words = counted.filter(([number]) => number > 0).map(([number, word]) => `${number} ${word}`);
  return `watched for ${formatSpan(elapsedMs)}: ${words.length === 0 ? 'no tunnels' : words.join(', ')}`;
}

import type { Crossing } from './crossing.ts';

/** By how much a host's clock is ahead of another one, milliseconds; the truth lies between the two. */
export interface Ahead {
  readonly leastMs: number;
  readonly mostMs: number;
}

/** What is read of a host's clock, which has no nanoseconds where `date` is BusyBox's. */
export const clockScript = 'date +%s.%N';

/** How far a host's clock is ahead of the controller's, which asked and was answered at the times given. */
export function aheadOf(output: string, { askedAt, answeredAt }: { readonly askedAt: number; readonly answeredAt: number }): Ahead | undefined {
  const [, seconds, nanoseconds] = /^(\d{1,12})(?:\.(\d{9}))?/.exec(output) ?? [];
  if (seconds === undefined) return undefined;
  const shown = Number(seconds) * 1000 + Number(nanoseconds ?? 0) / 1e6;
  return { leastMs: shown - answeredAt, mostMs: shown + (nanoseconds === undefined ? 1000 : 0) - askedAt };
}

/** The difference of two clocks as far as it can be told. */
export interface ClockDifference {
  /** The second host's is ahead by so much. */
  readonly differenceMs: number;
  /** To either side. */
  readonly uncertaintyMs: number;
}

/**
 * The difference of both hosts' clocks: what was heard when they were asked, narrowed by the packets themselves, none of which
 * arrived before it was sent. Undefined where neither tells anything. Where packets contradict each other, the clocks ran apart
 * meanwhile, by so much as they contradict.
 */
export function clockDifference(
  hosts: readonly [string, string],
  asked: readonly [Ahead | undefined, Ahead | undefined],
  crossings: readonly Crossing[],
): ClockDifference | undefined {
  const heard = askedDifference(asked);
  const seen = seenDifference(hosts, crossings);
  const both = { leastMs: Math.max(heard.leastMs, seen.leastMs), mostMs: Math.min(heard.mostMs, seen.mostMs) };
  const best = both.leastMs <= both.mostMs ? both : seen;
  if (!Number.isFinite(best.leastMs) || !Number.isFinite(best.mostMs)) return undefined;
  return { differenceMs: (best.leastMs + best.mostMs) / 2, uncertaintyMs: Math.abs(best.mostMs - best.leastMs) / 2 };
}

const ANY: Ahead = { leastMs: Number.NEGATIVE_INFINITY, mostMs: Number.POSITIVE_INFINITY };

function askedDifference([first, second]: readonly [Ahead | undefined, Ahead | undefined]): Ahead {
  if (first === undefined || second === undefined) return ANY;
  return { leastMs: second.leastMs - first.mostMs, mostMs: second.mostMs - first.leastMs };
}

function seenDifference([first]: readonly [string, string], crossings: readonly Crossing[]): Ahead {
  let { leastMs, mostMs } = ANY;
  for (const { from, sent, arrived } of crossings) {
    if (sent === undefined || arrived === undefined) continue;
    const elapsedMs = (arrived.atMicros - sent.atMicros) / 1000;
    if (from === first) mostMs = Math.min(mostMs, elapsedMs);
    else leastMs = Math.max(leastMs, -elapsedMs);
  }
  return { leastMs, mostMs };
}

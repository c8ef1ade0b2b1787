import type { Layer } from '../decode/layer.ts';
import type { Crossing } from './crossing.ts';
import type { Sighting } from './sighting.ts';

/** One packet as it is told: at the end it left and at the end it came to. */
export interface ToldPacket {
  /** From 1, in the order in which they set out. */
  readonly number: number;
  readonly from: string;
  readonly to: string;
  readonly sent?: ToldSighting;
  readonly arrived?: ToldSighting;
}

export interface ToldSighting {
  /** Milliseconds since the first packet, by one clock for both hosts. */
  readonly sinceMs: number;
  /** Seconds since the epoch, to the microsecond, by the host's own clock. */
  readonly hostSeconds: number;
  readonly layers: readonly Layer[];
}

/** Brings packets in the order of time, by the clock of the first host. @param aheadMs - of the second host's clock */
export function inOrder(
  crossings: readonly Crossing[],
  { first, aheadMs }: { readonly first: string; readonly aheadMs: number },
): readonly ToldPacket[] {
  const timeOf = (host: string, { atMicros }: Sighting) => atMicros / 1000 - (host === first ? 0 : aheadMs);
  const beginOf = ({ from, to, sent, arrived }: Crossing) =>
    sent === undefined ? (arrived === undefined ? 0 : timeOf(to, arrived)) : timeOf(from, sent);
  const ordered = crossings.toSorted((one, other) => beginOf(one) - beginOf(other));
  const [earliest] = ordered;
  const startMs = earliest === undefined ? 0 : beginOf(earliest);
  const told = (host: string, sighting: Sighting): ToldSighting => ({
    sinceMs: timeOf(host, sighting) - startMs,
    hostSeconds: sighting.atMicros / 1e6,
    layers: sighting.layers,
  });
  return ordered.map(({ from, to, sent, arrived }, index) => ({
    number: index + 1,
    from,
    to,
    ...(sent === undefined ? {} : { sent: told(from, sent) }),
    ...(arrived === undefined ? {} : { arrived: told(to, arrived) }),
  }));
}

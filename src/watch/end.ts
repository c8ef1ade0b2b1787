import type { Counters, LinkSight, Sighting } from './sighting.ts';

/** Bytes a second, as the device of one end counts them. */
export interface Rates {
  readonly rx: number;
  readonly tx: number;
}

/** One end of a tunnel as it was last seen. */
export interface End {
  readonly host: string;
  readonly device: string;
  /** Its host can be asked. */
  readonly isSeen: boolean;
  /** Rounds in a row in which its peer did not answer. */
  readonly misses: number;
  readonly link?: LinkSight;
  readonly rttMs?: number;
  readonly counters?: Counters;
  readonly rates?: Rates;
}

/** An end of which nothing is known. */
export function unseen({ host, device }: Pick<End, 'host' | 'device'>): End {
  return { host, device, isSeen: false, misses: 0 };
}

/** The end after a round. */
export function heard(end: End, { isAnswered, rttMs, link, counters }: Sighting): End {
  const rates = ratesBetween(end.counters, counters);
  return {
    host: end.host,
    device: end.device,
    isSeen: true,
    misses: isAnswered ? 0 : end.misses + 1,
    link,
    ...(rttMs === undefined ? {} : { rttMs }),
    ...(counters === undefined ? {} : { counters }),
    ...(rates === undefined ? {} : { rates }),
  };
}

/** Counters that fell are of another device of the same name, or of a host that was booted anew. */
function ratesBetween(before: Counters | undefined, now: Counters | undefined): Rates | undefined {
  if (before === undefined || now === undefined) return undefined;
  const seconds = now.uptimeSeconds - before.uptimeSeconds;
  const [rx, tx] = [now.rx.bytes - before.rx.bytes, now.tx.bytes - before.tx.bytes];
  return seconds <= 0 || rx < 0 || tx < 0 ? undefined : { rx: rx / seconds, tx: tx / seconds };
}

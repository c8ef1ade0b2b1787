/** What a device counted since it was made; bytes are those of inner packets. */
export interface Traffic {
  readonly bytes: number;
  readonly packets: number;
  readonly errors: number;
  readonly dropped: number;
}

/** What a device counted, and when by its host's own clock: the controller's says when the answer came, not when it was read. */
export interface Counters {
  readonly uptimeSeconds: number;
  readonly rx: Traffic;
  readonly tx: Traffic;
}

/** `gone`: the host has no such device. */
export type LinkSight = 'up' | 'down' | 'gone';

/** What one round found at one end of a tunnel. */
export interface Sighting {
  readonly tunnel: string;
  readonly host: string;
  /** Every inner address of the peer answered. */
  readonly isAnswered: boolean;
  /** Milliseconds of the slowest answer; absent where one was missing. */
  readonly rttMs?: number;
  readonly link: LinkSight;
  /** Absent where there is no device, or the host does not tell. */
  readonly counters?: Counters;
}

/** A list with one more at its end, and the oldest gone where there would be more than `most`. */
export function appended<One>(list: readonly One[], one: One, most: number): readonly One[] {
  return list.length < most ? [...list, one] : [...list.slice(list.length - most + 1), one];
}

import { JUDGED_MOST, vitalsOf } from '../../../watch/degradation.ts';
import type { Health, Pulse } from '../../../watch/pulse.ts';
import type { WatchState } from '../../../watch/watch-state.ts';

/** What a tunnel's row is made of; numbers are absent where nothing is known. */
export interface WatchRow {
  readonly name: string;
  readonly mode: string;
  readonly hosts: readonly [string, string];
  readonly pulse: Pulse;
  readonly lossPercent?: number;
  readonly rttMs?: number;
  /** Bytes a second from the first end to the second, and back. */
  readonly there?: number;
  readonly back?: number;
}

/** What the list can be sorted by, in the order of the key `s`. */
export const SORTS = ['state', 'name', 'loss', 'rtt', 'traffic', 'change'] as const;

export type Sort = (typeof SORTS)[number];

/** What part of the list is looked at, and how. */
export interface Looking {
  readonly sort: Sort;
  readonly isReversed: boolean;
  /** Part of a tunnel's, a host's or a mode's name, or of its state. */
  readonly filter: string;
}

const GRAVITY: Readonly<Record<Health, number>> = { down: 0, unknown: 1, degraded: 2, up: 3 };

const COMPARE: Readonly<Record<Sort, (one: WatchRow, other: WatchRow) => number>> = {
  state: (one, other) => GRAVITY[one.pulse.health] - GRAVITY[other.pulse.health],
  name: () => 0,
  loss: (one, other) => (other.lossPercent ?? -1) - (one.lossPercent ?? -1),
  rtt: (one, other) => (other.rttMs ?? -1) - (one.rttMs ?? -1),
  traffic: (one, other) => trafficOf(other) - trafficOf(one),
  change: (one, other) => other.pulse.since - one.pulse.since,
};

/** The rows to be shown; what is worst, slowest, busiest or latest comes first, and names decide between equals. */
export function watchRows({ pulses }: WatchState, { sort, isReversed, filter }: Looking): readonly WatchRow[] {
  const wanted = filter.trim().toLowerCase();
  const rows = [...pulses.values()].map(rowOf).filter((row) => wanted === '' || wordsOf(row).some((word) => word.toLowerCase().includes(wanted)));
  const sorted = rows.toSorted((one, other) => COMPARE[sort](one, other) || compareNames(one.name, other.name));
  return isReversed ? sorted.toReversed() : sorted;
}

/** `gre10` after `gre9`. */
function compareNames(one: string, other: string): number {
  return one.localeCompare(other, 'en', { numeric: true });
}

function wordsOf({ name, mode, hosts, pulse }: WatchRow): readonly string[] {
  return [name, mode, ...hosts, pulse.health];
}

function rowOf(pulse: Pulse): WatchRow {
  const { tunnel, ends, beats } = pulse;
  const [first, second] = ends;
  const there = first.rates?.tx ?? second.rates?.rx;
  const back = first.rates?.rx ?? second.rates?.tx;
  return {
    name: tunnel.name,
    mode: tunnel.mode,
    hosts: [first.host, second.host],
    pulse,
    ...vitalsOf(beats.slice(-JUDGED_MOST)),
    ...(there === undefined ? {} : { there }),
    ...(back === undefined ? {} : { back }),
  };
}

function trafficOf({ there = 0, back = 0 }: WatchRow): number {
  return there + back;
}

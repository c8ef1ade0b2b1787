import type { IpAddress } from '../domain/address.ts';
import type { PingCounts } from '../facts/ping.ts';
import type { Crossing } from './crossing.ts';
import { ownEcho } from './echoes.ts';
import type { Sighting } from './sighting.ts';

/** What became of the packets of one way. */
export interface Traffic {
  readonly from: string;
  readonly to: string;
  /** What is counted: the capture's own echo requests, or, where they cannot be told from others, every packet. */
  readonly of: 'echo-requests' | 'packets';
  /** Seen leaving one host; absent where nobody could look there. */
  readonly sent?: number;
  /** Of these, seen coming to the other; absent where nobody could look at one of the two. */
  readonly arrived?: number;
  /** Echo requests that ping sent and was answered; absent where nothing was sent. */
  readonly echoes?: PingCounts;
}

/** One way through a tunnel while it was watched. */
export interface WatchedWay {
  readonly from: string;
  readonly to: string;
  readonly isSenderWatched: boolean;
  readonly isReceiverWatched: boolean;
  /** Where the echo requests of this way went; empty where none was sent. */
  readonly targets: readonly IpAddress[];
  readonly echoes?: PingCounts;
  /** Of what is inside nothing can be read. */
  readonly isEncrypted: boolean;
  /** Whether a packet could have been seen at both ends, had it arrived. */
  readonly isJudged: (sent: Sighting) => boolean;
}

/** Counts the packets that were under way while both ends were watched. */
export function trafficOf(way: WatchedWay, crossings: readonly Crossing[]): Traffic {
  const { from, to, targets, echoes, isEncrypted } = way;
  const areOwn = echoes !== undefined && !isEncrypted;
  const isPingCounts = (sighting: Sighting) => (areOwn ? ownEcho(sighting.layers, targets) !== undefined : way.isJudged(sighting));
  const left = crossings.filter((crossing) => crossing.from === from && crossing.sent !== undefined && isPingCounts(crossing.sent));
  const came = crossings.filter((crossing) => crossing.from === from && crossing.arrived !== undefined && isPingCounts(crossing.arrived));
  return {
    from,
    to,
    of: areOwn ? 'echo-requests' : 'packets',
    ...(way.isSenderWatched ? { sent: left.length } : {}),
    ...(way.isReceiverWatched ? { arrived: way.isSenderWatched ? left.filter(({ arrived }) => arrived !== undefined).length : came.length } : {}),
    ...(echoes === undefined ? {} : { echoes }),
  };
}

import type { RunRequest, World } from '../world.ts';

/** What is to be watched, and how. */
export interface WatchRequest {
  /** With the command `watch`; repairs are runs with the same flags. */
  readonly run: RunRequest;
  /** Seconds from one round to the next, 1 or more. */
  readonly intervalSeconds: number;
  /** Rounds in a row without an answer that make an outage, 1 or more. */
  readonly retries: number;
  /** How often an hour a tunnel is repaired; left out: never, nothing is changed. */
  readonly repairsPerHour?: number;
}

/** A world that goes on for days. */
export interface WatchWorld extends World {
  /** Resolves after so many milliseconds, or when the watch is interrupted. */
  readonly rest: (milliseconds: number) => Promise<void>;
  readonly newRunId: () => string;
}

import type { Condition } from './condition.ts';

/** A staged roll-out: plays in order. */
export interface Playbook {
  readonly path: string;
  readonly plays: readonly Play[];
}

export interface Play {
  readonly name: string;
  /** Patterns over tunnels and hosts; a tunnel is taken that matches both. */
  readonly tunnels?: string;
  readonly hosts?: string;
  /** How many tunnels at a time; the last one holds for all further batches. None: all at once. */
  readonly serial: readonly BatchSize[];
  /** Of a batch's tunnels, how many percent may fail before the play does; all of them are always too many. */
  readonly maxFailPercent: number;
  readonly anyErrorsFatal: boolean;
  readonly onFailure: OnFailure;
  readonly when?: Condition;
  readonly steps: readonly PlayStep[];
}

/**
 * When a play fails: `rollback` brings back what this batch changed, and ends the playbook · `stop` ends it · `continue` leaves the
 * failed tunnels out and goes on.
 */
export type OnFailure = 'rollback' | 'stop' | 'continue';

export type BatchSize = { readonly tunnels: number } | { readonly percent: number };

export type PlayStep = { readonly name: string; readonly when?: Condition } & (
  | { readonly kind: 'preflight' | 'up' | 'down' | 'verify' }
  | Pause
  | RunStep
);

export interface Pause {
  readonly kind: 'pause';
  readonly seconds?: number;
  /** What somebody at the terminal is asked to confirm. */
  readonly prompt?: string;
}

/** A command on hosts, and what undoes it. */
export interface RunStep {
  readonly kind: 'run';
  /** Of the ends of a tunnel, those on these hosts; left out: both. */
  readonly hosts?: string;
  readonly command: string;
  readonly undo: string;
  readonly seconds: number;
}

import type { Diagnosis } from '../diagnose/finding.ts';
import type { HostFailure } from '../errors/host-failure.ts';
import type { Pulse } from './pulse.ts';

/** A host, as it can be asked now. */
export interface HostStanding {
  readonly host: string;
  readonly isReached: boolean;
  /** Since when, milliseconds since the epoch. */
  readonly since: number;
  /** Why it cannot be asked; absent while it is tried for the first time. */
  readonly failure?: Pick<HostFailure, 'code' | 'what'>;
  /** When a round of it ended last. */
  readonly roundAt?: number;
}

/** The last that was looked into or done about a tunnel. */
export interface TunnelNote {
  readonly at: number;
  readonly words: string;
}

/** Transactions of `--heal` since the watch began, by how they ended. */
export interface RepairCount {
  readonly repaired: number;
  readonly failed: number;
}

/** All that is known while a watch runs, to be looked at whenever somebody likes; it never grows with time. */
export interface WatchState {
  readonly startedAt: number;
  readonly intervalMs: number;
  /** In the order of the inventory. */
  readonly pulses: ReadonlyMap<string, Pulse>;
  readonly hosts: ReadonlyMap<string, HostStanding>;
  readonly diagnoses: ReadonlyMap<string, { readonly at: number; readonly diagnosis: Diagnosis }>;
  readonly notes: ReadonlyMap<string, TunnelNote>;
  readonly repairs: ReadonlyMap<string, RepairCount>;
}

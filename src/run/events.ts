import type { ClockDifference } from '../capture/clocks.ts';
import type { ToldPacket } from '../capture/told-packet.ts';
import type { Traffic } from '../capture/traffic.ts';
import type { Diagnosis } from '../diagnose/finding.ts';
import type { Allotment } from '../domain/allotment.ts';
import type { Problem } from '../domain/problem.ts';
import type { HostFailureCode } from '../errors/host-failure.ts';
import type { PlannedChange } from '../plan/change.ts';
import type { ProbeResult } from '../verify/probe-result.ts';
import type { PulseChange } from '../watch/pulse.ts';

export type { ClockDifference } from '../capture/clocks.ts';
export type { ToldPacket, ToldSighting } from '../capture/told-packet.ts';
export type { Traffic } from '../capture/traffic.ts';
export type { Cure, Diagnosis, Finding } from '../diagnose/finding.ts';
export type { Problem } from '../domain/problem.ts';
export type { PlannedChange } from '../plan/change.ts';
export type { ProbeResult } from '../verify/probe-result.ts';

/** The version of the event vocabulary: unknown types and fields are to be ignored by readers, a new number is another vocabulary. */
export const EVENT_SCHEMA = 'tunorch/1';

/** `run` and `undo` are parts of a playbook: its commands alone, and the way back from what was committed. */
export type Command = 'up' | 'down' | 'plan' | 'verify' | 'doctor' | 'watch' | 'capture' | 'rekey' | 'run' | 'undo';

/** What a host or a tunnel is doing now, in the order of a run. */
export type Phase =
  | 'connect'
  | 'gather'
  | 'measure'
  | 'plan'
  | 'prepare'
  | 'apply'
  | 'verify'
  | 'diagnose'
  | 'capture'
  | 'commit'
  | 'roll-back'
  | 'prove';

/**
 * How a tunnel ended.
 *
 * `ok` nothing to do, or healthy · `changed` committed · `pending` plan only: changes wait · `rolled-back` proved equal to the
 * snapshot · `rollback-incomplete` it differs, commands are left to type · `failed` nothing was changed, or verify found it
 * broken · `degraded` verify: loss or latency over the limit · `unreachable` a host could not be worked with, nothing was changed.
 */
export type TunnelOutcome = 'ok' | 'changed' | 'pending' | 'rolled-back' | 'rollback-incomplete' | 'failed' | 'degraded' | 'unreachable';

/** A tunnel as the screen needs it before anything is known of its hosts. */
export interface TunnelSummary {
  readonly name: string;
  readonly mode: string;
  /** `1`, or `1/2` for ikey/okey of the first host; absent where keyless. */
  readonly key?: string;
  readonly hosts: readonly [string, string];
}

export interface HostRecap {
  readonly host: string;
  readonly ok: number;
  readonly changed: number;
  readonly failed: number;
  readonly rolledBack: number;
  readonly isUnreachable: boolean;
  /** Modules this run loaded; they stay after a rollback. */
  readonly loadedModules: readonly string[];
}

export interface TunnelRecap {
  readonly tunnel: string;
  readonly outcome: TunnelOutcome;
  /** Objects changed on both hosts together. */
  readonly changes: number;
  /** After a rollback: whether the hosts were compared with the snapshot and found equal. */
  readonly isProved?: boolean;
  readonly problems: readonly Problem[];
  /** With `rollback-incomplete`: what is left to type, by host. */
  readonly leftToType?: readonly { readonly host: string; readonly commands: readonly string[] }[];
}

export interface Recap {
  readonly exitCode: number;
  readonly elapsedMs: number;
  readonly hosts: readonly HostRecap[];
  readonly tunnels: readonly TunnelRecap[];
}

/** A play before it begins. */
export interface PlayOutline {
  readonly play: string;
  readonly steps: readonly string[];
  /** Names of tunnels, batch by batch. */
  readonly batches: readonly (readonly string[])[];
}

/** How a play ended; `skipped`: before --start-at, or after a play that failed. */
export interface PlayRecap {
  readonly play: string;
  readonly outcome: 'done' | 'failed' | 'skipped';
  /** What became of each tunnel over all steps, as far as batches were begun. */
  readonly tunnels: readonly { readonly tunnel: string; readonly outcome: TunnelOutcome }[];
  /** The step the play failed at. */
  readonly failedStep?: string;
}

export interface PlaybookRecap {
  readonly exitCode: number;
  readonly elapsedMs: number;
  readonly plays: readonly PlayRecap[];
}

/** What a watch says: nothing while nothing changes. */
export type WatchEvent =
  | ({ readonly type: 'tunnel-health' } & PulseChange)
  /** A host can be asked, for the first time or again; `host-failed` says that it cannot. */
  | { readonly type: 'host-reached'; readonly host: string }
  /** What --heal does: `repaired` and `failed` began a transaction on both ends, `left` changed nothing; `words` say why, and what was done. */
  | { readonly type: 'repair'; readonly tunnel: string; readonly state: 'started' | 'repaired' | 'failed' | 'left'; readonly words: string }
  | { readonly type: 'watch-warning'; readonly message: string };

/** A playbook's own words; between them each step is a run of its own, from `run-started` to `run-finished`. */
export type PlaybookEvent =
  | {
      readonly type: 'playbook-started';
      readonly schema: typeof EVENT_SCHEMA;
      readonly version: string;
      readonly playbook: string;
      readonly isCheck: boolean;
      readonly plays: readonly PlayOutline[];
    }
  | { readonly type: 'play-started'; readonly play: string }
  /** With `started` the tunnels that take part, with `failed` those that failed; batches count from 1. */
  | {
      readonly type: 'play-step';
      readonly play: string;
      readonly batch: number;
      readonly step: string;
      readonly state: 'started' | 'done' | 'failed';
      readonly tunnels: readonly string[];
    }
  | { readonly type: 'play-finished'; readonly recap: PlayRecap }
  | { readonly type: 'playbook-finished'; readonly recap: PlaybookRecap };

/** What a capture tells of a tunnel, in this order. */
export type CaptureEvent =
  | {
      readonly type: 'listening';
      readonly tunnel: string;
      readonly host: string;
      /** `tcpdump 4.99.3` */
      readonly program: string;
      readonly device: string;
      /** pcap-filter(7) */
      readonly filter: string;
    }
  /** What each host that listened has, and how far the second host's clock is ahead of the first one's. */
  | {
      readonly type: 'captured';
      readonly tunnel: string;
      readonly ends: readonly CapturedEnd[];
      readonly clocks?: ClockDifference;
    }
  | { readonly type: 'packet'; readonly tunnel: string; readonly packet: ToldPacket }
  | { readonly type: 'traffic'; readonly tunnel: string; readonly traffic: Traffic };

export interface CapturedEnd {
  readonly host: string;
  /** Of the tunnel. */
  readonly packets: number;
  /** It ended before it was told to: there was more. */
  readonly isFull: boolean;
  /** Packets the kernel had no room for. */
  readonly dropped: number;
}

/** Everything a run says, in order; every output is a reader of these. `at` is milliseconds since the epoch. */
export type RunEvent = { readonly at: number } & (
  | {
      readonly type: 'run-started';
      readonly schema: typeof EVENT_SCHEMA;
      readonly version: string;
      readonly command: Command;
      readonly isCheck: boolean;
      readonly hosts: readonly string[];
      readonly tunnels: readonly TunnelSummary[];
    }
  | { readonly type: 'host-phase'; readonly host: string; readonly phase: Phase; readonly state: 'started' | 'done' | 'failed' }
  | {
      readonly type: 'host-failed';
      readonly host: string;
      readonly code: HostFailureCode;
      readonly message: string;
      readonly hint: string;
    }
  /** What tunnels of meshes were given; `isWritten`: the lock file has it now, else it would be given to them. */
  | {
      readonly type: 'lock-file';
      readonly path: string;
      readonly isWritten: boolean;
      readonly allotted: readonly Allotment[];
      readonly released: readonly Allotment[];
    }
  /** A tunnel that the inventory does not have any more joins the run, to be removed (`--prune`). */
  | { readonly type: 'tunnel-added'; readonly tunnel: TunnelSummary }
  | { readonly type: 'host-warning'; readonly host: string; readonly message: string }
  /** `--unload-modules`: nothing on the host needed it any more. */
  | { readonly type: 'module-unloaded'; readonly host: string; readonly module: string }
  /** Bytes of the largest packet that arrives at `to`, an outer address, and those the link it leaves by carries. */
  | { readonly type: 'path-measured'; readonly host: string; readonly to: string; readonly mtuBytes: number; readonly linkMtuBytes: number }
  | {
      readonly type: 'tunnel-planned';
      readonly tunnel: string;
      readonly changes: readonly PlannedChange[];
      readonly mtuBytes?: number;
      /** Of all that would be done and undone, where nothing is done yet. */
      readonly digest?: string;
    }
  | { readonly type: 'tunnel-phase'; readonly tunnel: string; readonly phase: Phase; readonly state: 'started' | 'done' | 'failed' }
  | {
      readonly type: 'step';
      readonly tunnel: string;
      readonly host: string;
      readonly title: string;
      readonly state: 'done' | 'failed' | 'rolled-back';
    }
  | { readonly type: 'probe'; readonly tunnel: string; readonly probe: ProbeResult }
  /** One packet of the tunnel's full MTU with DF set, each way. */
  | { readonly type: 'full-size-probe'; readonly tunnel: string; readonly from: string; readonly mtuBytes: number; readonly passed: boolean }
  /** Why a tunnel does not work, or that it does. */
  | { readonly type: 'diagnosis'; readonly diagnosis: Diagnosis }
  | CaptureEvent
  | { readonly type: 'problem'; readonly tunnel: string; readonly problem: Problem }
  | { readonly type: 'tunnel-finished'; readonly recap: TunnelRecap }
  | { readonly type: 'run-finished'; readonly recap: Recap }
  | PlaybookEvent
  | WatchEvent
);

/** Takes events as they happen. */
export type Emit = (event: RunEvent) => void;

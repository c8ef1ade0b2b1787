import type {
  CaptureEvent,
  Command,
  Diagnosis,
  Phase,
  PlannedChange,
  PlaybookRecap,
  PlayOutline,
  PlayRecap,
  ProbeResult,
  Problem,
  Recap,
  RunEvent,
  TunnelOutcome,
  TunnelRecap,
  TunnelSummary,
} from '../run/events.ts';
import type { PhaseState } from './phase-from-hosts.ts';

export interface HostState {
  readonly host: string;
  readonly phase?: Phase;
  readonly state: PhaseState;
  readonly failure?: { readonly code: string; readonly message: string; readonly hint: string };
  readonly warnings: readonly string[];
  /** The newest step of any tunnel on this host. */
  readonly lastStep?: LastStep;
}

export interface LastStep {
  readonly tunnel: string;
  readonly host: string;
  readonly title: string;
  readonly state: 'done' | 'failed' | 'rolled-back';
}

export interface FullSizeProbe {
  readonly from: string;
  readonly mtuBytes: number;
  readonly passed: boolean;
}

export interface TunnelState extends TunnelSummary {
  readonly phase?: Phase;
  readonly state: PhaseState;
  /** Whether a step of it was refused somewhere; its problem may be told only later. */
  readonly hasFailedStep: boolean;
  /** Absent until planned. */
  readonly changes?: readonly PlannedChange[];
  readonly mtuBytes?: number;
  readonly lastStep?: LastStep;
  /** The newest of each direction and target. */
  readonly probes: readonly ProbeResult[];
  /** The newest of each direction. */
  readonly fullSize: readonly FullSizeProbe[];
  readonly problems: readonly Problem[];
  readonly diagnosis?: Diagnosis;
  readonly outcome?: TunnelOutcome;
  readonly recap?: TunnelRecap;
}

/** A run as far as its events told it: the one source of every view for people. */
export interface RunState {
  /** Absent before `run-started`. */
  readonly start?: { readonly command: Command; readonly isCheck: boolean; readonly version: string; readonly at: number };
  /** In the order of the inventory. */
  readonly hosts: ReadonlyMap<string, HostState>;
  readonly tunnels: ReadonlyMap<string, TunnelState>;
  /** Of the whole playbook; everything else here is of its newest step. */
  readonly playbook?: PlaybookState;
  /** What tunnels of meshes were or would be given. */
  readonly locks: readonly ToldLock[];
  /** What was captured, as it was told. */
  readonly captured: readonly CaptureEvent[];
  /** Problems of hosts and of tunnels in the order they were found, each told once. */
  readonly problems: readonly ToldProblem[];
  /** Tunnels by the hosts they end on. */
  readonly byHost: ReadonlyMap<string, readonly string[]>;
  /** Tunnels whose own phases are told; the others are where their hosts are. */
  readonly told: ReadonlySet<string>;
  /** Present when the run is over. */
  readonly recap?: Recap | undefined;
}

/** A playbook as far as it has come. */
export interface PlaybookState {
  readonly path: string;
  readonly version: string;
  readonly isCheck: boolean;
  readonly plays: readonly PlayOutline[];
  readonly play?: string;
  /** The newest; batches count from 1. */
  readonly step?: { readonly batch: number; readonly name: string };
  readonly finished: readonly PlayRecap[];
  readonly recap?: PlaybookRecap;
}

/** Whether nothing more will be told. */
export function isOver({ playbook, recap }: RunState): boolean {
  return (playbook === undefined ? recap : playbook.recap) !== undefined;
}

/** One lock file's news. */
export type ToldLock = Extract<RunEvent, { readonly type: 'lock-file' }>;

/** A problem and what it is about; without a tunnel it concerns a whole host. */
export interface ToldProblem extends Problem {
  readonly tunnel?: string;
}

export const EMPTY_RUN: RunState = {
  hosts: new Map(),
  tunnels: new Map(),
  locks: [],
  captured: [],
  problems: [],
  byHost: new Map(),
  told: new Set(),
};

/** Whether a tunnel's problem is only that one of its hosts failed, which is told for the host. */
export function repeatsHost({ host, code, message }: Problem, hosts: RunState['hosts']): boolean {
  const failure = host === undefined ? undefined : hosts.get(host)?.failure;
  return failure !== undefined && failure.code === code && failure.message === message;
}

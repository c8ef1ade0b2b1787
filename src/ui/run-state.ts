import type {
  Command,
  Phase,
  PlannedChange,
  ProbeResult,
  Problem,
  Recap,
  RunEvent,
  TunnelOutcome,
  TunnelRecap,
  TunnelSummary,
} from '../run/events.ts';

type EventOf<Type extends RunEvent['type']> = Extract<RunEvent, { readonly type: Type }>;

/** How far a host or a tunnel is with its phase. */
export type PhaseState = 'waiting' | 'started' | 'done' | 'failed';

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
  /** Absent until planned. */
  readonly changes?: readonly PlannedChange[];
  readonly mtuBytes?: number;
  readonly lastStep?: LastStep;
  /** The newest of each direction and target. */
  readonly probes: readonly ProbeResult[];
  /** The newest of each direction. */
  readonly fullSize: readonly FullSizeProbe[];
  readonly problems: readonly Problem[];
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
  /** Problems of hosts and of tunnels in the order they were found. */
  readonly problems: readonly ToldProblem[];
  /** Present when the run is over. */
  readonly recap?: Recap;
}

/** A problem and what it is about; without a tunnel it concerns a whole host. */
export interface ToldProblem extends Problem {
  readonly tunnel?: string;
}

interface Draft {
  start?: NonNullable<RunState['start']>;
  hosts: Map<string, HostState>;
  tunnels: Map<string, TunnelState>;
  problems: readonly ToldProblem[];
  recap?: Recap;
}

export const EMPTY_RUN: RunState = { hosts: new Map(), tunnels: new Map(), problems: [] };

export function reduce(state: RunState, event: RunEvent): RunState {
  return reduceAll(state, [event]);
}

/** The state after several events; the maps are copied once, and hosts and tunnels without news stay the same objects. */
export function reduceAll(state: RunState, events: readonly RunEvent[]): RunState {
  if (events.length === 0) return state;
  const draft = draftOf(state);
  for (const event of events) applyEvent(draft, event);
  return draft;
}

/** Follows a run without a copy an event, for readers that keep no older state. */
export function followRun(): { readonly state: RunState; add(event: RunEvent): void } {
  const draft = draftOf(EMPTY_RUN);
  return { state: draft, add: (event) => applyEvent(draft, event) };
}

function draftOf(state: RunState): Draft {
  return { ...state, hosts: new Map(state.hosts), tunnels: new Map(state.tunnels) };
}

function applyEvent(draft: Draft, event: RunEvent): void {
  switch (event.type) {
    case 'run-started':
      return startRun(draft, event);
    case 'host-phase':
      return changeHost(draft, event.host, () => ({ phase: event.phase, state: event.state }));
    case 'host-failed':
      return failHost(draft, event);
    case 'host-warning':
      return changeHost(draft, event.host, ({ warnings }) => ({ warnings: [...warnings, event.message] }));
    case 'step':
      return applyStep(draft, event);
    case 'run-finished':
      draft.recap = event.recap;
      return;
    default:
      return applyTunnelEvent(draft, event);
  }
}

type TunnelEvent = EventOf<'tunnel-planned' | 'tunnel-phase' | 'probe' | 'full-size-probe' | 'problem' | 'tunnel-finished'>;

function applyTunnelEvent(draft: Draft, event: TunnelEvent): void {
  switch (event.type) {
    case 'tunnel-planned':
      return changeTunnel(draft, event.tunnel, () => ({
        changes: event.changes,
        ...(event.mtuBytes === undefined ? {} : { mtuBytes: event.mtuBytes }),
      }));
    case 'tunnel-phase':
      return changeTunnel(draft, event.tunnel, () => ({ phase: event.phase, state: event.state }));
    case 'probe':
      return changeTunnel(draft, event.tunnel, ({ probes }) => ({ probes: [...probes.filter(isOtherWay(event.probe)), event.probe] }));
    case 'full-size-probe': {
      const { from, mtuBytes, passed } = event;
      const others = (all: readonly FullSizeProbe[]) => all.filter((one) => one.from !== from);
      return changeTunnel(draft, event.tunnel, ({ fullSize }) => ({ fullSize: [...others(fullSize), { from, mtuBytes, passed }] }));
    }
    case 'problem':
      draft.problems = [...draft.problems, { tunnel: event.tunnel, ...event.problem }];
      return changeTunnel(draft, event.tunnel, ({ problems }) => ({ problems: [...problems, event.problem] }));
    case 'tunnel-finished':
      return changeTunnel(draft, event.recap.tunnel, () => ({ outcome: event.recap.outcome, recap: event.recap }));
    default:
      return;
  }
}

function isOtherWay(probe: ProbeResult): (other: ProbeResult) => boolean {
  return (other) => other.from !== probe.from || other.target !== probe.target;
}

function startRun(draft: Draft, event: EventOf<'run-started'>): void {
  const { command, isCheck, version, at } = event;
  draft.start = { command, isCheck, version, at };
  draft.hosts = new Map(event.hosts.map((host) => [host, { host, state: 'waiting', warnings: [] }]));
  draft.tunnels = new Map(
    event.tunnels.map((tunnel) => [tunnel.name, { ...tunnel, state: 'waiting', probes: [], fullSize: [], problems: [] }]),
  );
}

function failHost(draft: Draft, { host, code, message, hint }: EventOf<'host-failed'>): void {
  draft.problems = [...draft.problems, { host, code, message, hint }];
  changeHost(draft, host, () => ({ state: 'failed', failure: { code, message, hint } }));
}

function applyStep(draft: Draft, event: EventOf<'step'>): void {
  const { tunnel, host, title, state } = event;
  const lastStep = { tunnel, host, title, state };
  changeHost(draft, host, () => ({ lastStep }));
  changeTunnel(draft, tunnel, () => ({ lastStep }));
}

function changeHost(draft: Draft, name: string, change: (host: HostState) => Partial<HostState>): void {
  const host = draft.hosts.get(name);
  if (host !== undefined) draft.hosts.set(name, { ...host, ...change(host) });
}

function changeTunnel(draft: Draft, name: string, change: (tunnel: TunnelState) => Partial<TunnelState>): void {
  const tunnel = draft.tunnels.get(name);
  if (tunnel !== undefined) draft.tunnels.set(name, { ...tunnel, ...change(tunnel) });
}

import type { CaptureEvent, ProbeResult, Recap, RunEvent } from '../run/events.ts';
import { phaseFromHosts } from './phase-from-hosts.ts';
import { reducePlaybook } from './reduce-playbook.ts';
import {
  EMPTY_RUN,
  type FullSizeProbe,
  type HostState,
  type PlaybookState,
  type RunState,
  repeatsHost,
  type ToldLock,
  type ToldProblem,
  type TunnelState,
} from './run-state.ts';

type EventOf<Type extends RunEvent['type']> = Extract<RunEvent, { readonly type: Type }>;

interface Draft {
  start?: NonNullable<RunState['start']>;
  hosts: Map<string, HostState>;
  tunnels: Map<string, TunnelState>;
  locks: readonly ToldLock[];
  captured: CaptureEvent[];
  problems: readonly ToldProblem[];
  byHost: ReadonlyMap<string, readonly string[]>;
  told: Set<string>;
  recap?: Recap | undefined;
  playbook?: PlaybookState;
}

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
  return { ...state, hosts: new Map(state.hosts), tunnels: new Map(state.tunnels), told: new Set(state.told), captured: [...state.captured] };
}

function applyEvent(draft: Draft, event: RunEvent): void {
  switch (event.type) {
    case 'run-started':
      return startRun(draft, event);
    case 'host-phase':
      changeHost(draft, event.host, () => ({ phase: event.phase, state: event.state }));
      return followHost(draft, event);
    case 'host-failed':
      return failHost(draft, event);
    case 'host-warning':
      return changeHost(draft, event.host, ({ warnings }) => ({ warnings: [...warnings, event.message] }));
    case 'lock-file':
      draft.locks = [...draft.locks, event];
      return;
    case 'path-measured':
    case 'module-unloaded':
    case 'tunnel-health':
    case 'host-reached':
    case 'repair':
    case 'watch-warning':
      return;
    case 'listening':
    case 'captured':
    case 'packet':
    case 'traffic':
      draft.captured.push(event);
      return;
    case 'tunnel-added':
      return addTunnel(draft, event);
    case 'step':
      return applyStep(draft, event);
    case 'run-finished':
      draft.recap = event.recap;
      return;
    case 'playbook-started':
    case 'play-started':
    case 'play-step':
    case 'play-finished':
    case 'playbook-finished':
      draft.playbook = reducePlaybook(draft.playbook, event);
      return;
    default:
      return applyTunnelEvent(draft, event);
  }
}

type TunnelEvent = EventOf<'tunnel-planned' | 'tunnel-phase' | 'probe' | 'full-size-probe' | 'diagnosis' | 'problem' | 'tunnel-finished'>;

function applyTunnelEvent(draft: Draft, event: TunnelEvent): void {
  switch (event.type) {
    case 'tunnel-planned':
      return changeTunnel(draft, event.tunnel, () => ({
        changes: event.changes,
        ...(event.mtuBytes === undefined ? {} : { mtuBytes: event.mtuBytes }),
      }));
    case 'tunnel-phase':
      draft.told.add(event.tunnel);
      return changeTunnel(draft, event.tunnel, () => ({ phase: event.phase, state: event.state }));
    case 'probe':
      return changeTunnel(draft, event.tunnel, ({ probes }) => ({ probes: [...probes.filter(isOtherWay(event.probe)), event.probe] }));
    case 'full-size-probe': {
      const { from, mtuBytes, passed } = event;
      const others = (all: readonly FullSizeProbe[]) => all.filter((one) => one.from !== from);
      return changeTunnel(draft, event.tunnel, ({ fullSize }) => ({ fullSize: [...others(fullSize), { from, mtuBytes, passed }] }));
    }
    case 'diagnosis':
      return changeTunnel(draft, event.diagnosis.tunnel, () => ({ diagnosis: event.diagnosis }));
    case 'problem':
      if (!repeatsHost(event.problem, draft.hosts)) draft.problems = [...draft.problems, { tunnel: event.tunnel, ...event.problem }];
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
  const { command, isCheck, version, at, hosts, tunnels } = event;
  draft.start = { command, isCheck, version, at: draft.playbook === undefined ? at : (draft.start?.at ?? at) };
  draft.recap = undefined;
  draft.told = new Set();
  draft.hosts = new Map(hosts.map((host) => [host, { host, state: 'waiting', warnings: [] }]));
  draft.tunnels = new Map(tunnels.map((tunnel) => [tunnel.name, { ...tunnel, ...UNTOUCHED }]));
  const byHost = new Map(hosts.map((host) => [host, [] as string[]]));
  for (const tunnel of tunnels) for (const host of tunnel.hosts) byHost.get(host)?.push(tunnel.name);
  draft.byHost = byHost;
}

function addTunnel(draft: Draft, { tunnel }: EventOf<'tunnel-added'>): void {
  draft.tunnels.set(tunnel.name, { ...tunnel, ...UNTOUCHED });
  draft.byHost = new Map([...draft.byHost].map(([host, names]) => [host, tunnel.hosts.includes(host) ? [...names, tunnel.name] : names]));
}

const UNTOUCHED = { state: 'waiting', hasFailedStep: false, probes: [], fullSize: [], problems: [] } as const;

/**
 * Hosts take part in many tunnels at once, so a run may tell phases of hosts only.
 *
 * Where some tunnel failed, a host rolls that back in the same moment in which it commits the others.
 */
function followHost(draft: Draft, { host }: EventOf<'host-phase'>): void {
  const ends = (draft.byHost.get(host) ?? []).flatMap((name) => draft.tunnels.get(name) ?? []);
  const someFail = [...draft.tunnels.values()].some(isFailing);
  for (const tunnel of ends.filter(({ name, outcome }) => outcome === undefined && !draft.told.has(name))) {
    const [first, second] = tunnel.hosts.map((name) => momentOf(draft.hosts.get(name), someFail && !isFailing(tunnel)));
    changeTunnel(draft, tunnel.name, () => phaseFromHosts(first, second));
  }
}

function isFailing({ hasFailedStep, problems }: TunnelState): boolean {
  return hasFailedStep || problems.length > 0;
}

/** @param isKept - the tunnel is none of those that are undone */
function momentOf(host: HostState | undefined, isKept: boolean): HostState | undefined {
  if (host === undefined || !isKept) return host;
  if (host.phase === 'roll-back') return { ...host, phase: 'commit' };
  return host.phase === 'prove' ? { ...host, phase: 'commit', state: 'done' } : host;
}

function failHost(draft: Draft, { host, code, message, hint }: EventOf<'host-failed'>): void {
  draft.problems = [...draft.problems, { host, code, message, hint }];
  changeHost(draft, host, () => ({ state: 'failed', failure: { code, message, hint } }));
}

function applyStep(draft: Draft, event: EventOf<'step'>): void {
  const { tunnel, host, title, state } = event;
  const lastStep = { tunnel, host, title, state };
  changeHost(draft, host, () => ({ lastStep }));
  changeTunnel(draft, tunnel, ({ hasFailedStep }) => ({ lastStep, hasFailedStep: hasFailedStep || state === 'failed' }));
}

function changeHost(draft: Draft, name: string, change: (host: HostState) => Partial<HostState>): void {
  const host = draft.hosts.get(name);
  if (host !== undefined) draft.hosts.set(name, { ...host, ...change(host) });
}

function changeTunnel(draft: Draft, name: string, change: (tunnel: TunnelState) => Partial<TunnelState>): void {
  const tunnel = draft.tunnels.get(name);
  if (tunnel !== undefined) draft.tunnels.set(name, { ...tunnel, ...change(tunnel) });
}

import { type Command, EVENT_SCHEMA, type PlannedChange, type Recap, type RunEvent, type TunnelSummary } from '../../src/run/events.ts';

/** Runs as their events told them, for views to be shown with. Times are fixed. */
export interface RecordedRun {
  readonly name: string;
  readonly events: readonly RunEvent[];
}

/** An event without its time. */
export type Untimed = RunEvent extends infer Each ? (Each extends RunEvent ? Omit<Each, 'at'> : never) : never;

const START_AT = Date.UTC(2026, 10, 21, 9, 0, 0);

export const PAIR: TunnelSummary = { name: 'gre1', mode: 'gre', key: '1', hosts: ['router-a', 'router-b'] };

/** Gives events their times, `apartMs` from one to the next. */
export function timed(events: readonly Untimed[], apartMs = 120): readonly RunEvent[] {
  return events.map((event, index) => ({ at: START_AT + index * apartMs, ...event }) as RunEvent);
}

export function started(command: Command, tunnels: readonly TunnelSummary[]): Untimed {
  const hosts = [...new Set(tunnels.flatMap((tunnel) => tunnel.hosts))];
  return { type: 'run-started', schema: EVENT_SCHEMA, version: '0.1.0', command, isCheck: command === 'plan', hosts, tunnels };
}

type PhaseEvent = Extract<RunEvent, { type: 'host-phase' | 'tunnel-phase' }>;

export function onHosts(hosts: readonly string[], phase: PhaseEvent['phase']): readonly Untimed[] {
  return (['started', 'done'] as const).flatMap((state) => hosts.map((host): Untimed => ({ type: 'host-phase', host, phase, state })));
}

export function inTunnel(tunnel: string, phase: PhaseEvent['phase'], state: PhaseEvent['state']): Untimed {
  return { type: 'tunnel-phase', tunnel, phase, state };
}

export function changesOf({ name, hosts }: TunnelSummary): readonly PlannedChange[] {
  return hosts.flatMap((host, index): readonly PlannedChange[] => [
    { host, action: 'load', object: 'module ip_gre' },
    { host, action: 'add', object: `link ${name}` },
    { host, action: 'add', object: `address 10.10.10.${index + 1} peer 10.10.10.${2 - index} on ${name}` },
    { host, action: 'add', object: `route 10.${index + 1}.1.0/24 via ${name}` },
    { host, action: 'change', object: 'sysctl net.ipv4.ip_forward', differences: [{ name: 'value', from: '0', to: '1' }] },
  ]);
}

export function steps(tunnel: TunnelSummary, state: 'done' | 'rolled-back', number = 4): readonly Untimed[] {
  return tunnel.hosts.flatMap((host) =>
    changesOf(tunnel)
      .filter((change) => change.host === host && change.action !== 'load')
      .slice(0, number)
      .map((change): Untimed => ({ type: 'step', tunnel: tunnel.name, host, title: change.object, state })),
  );
}

export function probes({ name, hosts: [first, second] }: TunnelSummary, received = 3): readonly Untimed[] {
  const rttMs = { min: 0.41, avg: 0.52, max: 0.71 };
  const answered = received === 0 ? {} : { rttMs };
  return [
    { type: 'probe', tunnel: name, probe: { from: first, to: second, target: '10.10.10.1', sent: 3, received: 3, rttMs } },
    { type: 'probe', tunnel: name, probe: { from: second, to: first, target: '10.10.10.2', sent: 3, received, ...answered } },
    { type: 'full-size-probe', tunnel: name, from: first, mtuBytes: 1476, passed: true },
    { type: 'full-size-probe', tunnel: name, from: second, mtuBytes: 1476, passed: received > 0 },
  ];
}

export function finished(recap: Omit<Recap, 'elapsedMs'>): readonly Untimed[] {
  return [
    ...recap.tunnels.map((tunnel): Untimed => ({ type: 'tunnel-finished', recap: tunnel })),
    { type: 'run-finished', recap: { ...recap, elapsedMs: 2140 } },
  ];
}

export const NO_COUNTS = { ok: 0, changed: 0, failed: 0, rolledBack: 0, isUnreachable: false, loadedModules: [] };

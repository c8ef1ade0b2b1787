import type { Problem, TunnelRecap, TunnelSummary } from '../../src/run/events.ts';
import { changesOf, inTunnel, NO_COUNTS, onHosts, probes, type RecordedRun, started, steps, timed, type Untimed } from './record.ts';
import { STEP_REFUSED } from './step-refused.ts';

/** A hub with `number` spokes in every state at once; `untilEnd` goes on to the recap. */
export function manyTunnels(number: number, part: 'mixed' | 'whole' = 'whole'): RecordedRun {
  const tunnels = Array.from({ length: number }, (_unused, index): TunnelSummary => {
    const mode = index % 3 === 0 ? 'ipip' : 'gre';
    const name = `spoke${String(index + 1).padStart(3, '0')}`;
    return { name, mode, hosts: ['hub', name], ...(mode === 'gre' ? { key: String(index + 1) } : {}) };
  });
  const hosts = ['hub', ...tunnels.map(({ name }) => name)];
  const mixed = [started('up', tunnels), ...onHosts(hosts, 'connect'), ...onHosts(hosts, 'gather'), ...tunnels.flatMap(mixedEvents)];
  return { name: `${part}-${number}-tunnels`, events: timed(part === 'mixed' ? mixed : [...mixed, ...manyFinished(tunnels)], 10) };
}

/** Of ten tunnels: five committed, one failing, one rolling back, two applying, one waiting. */
function mixedEvents(tunnel: TunnelSummary, index: number): readonly Untimed[] {
  const { name } = tunnel;
  const planned: Untimed = { type: 'tunnel-planned', tunnel: name, changes: changesOf(tunnel), mtuBytes: 1476 };
  const at = index % 10;
  if (at === 9) return [];
  const applying = [planned, inTunnel(name, 'apply', 'started'), ...steps(tunnel, 'done', 2)];
  if (at === 7 || at === 8) return [...applying, { type: 'host-phase', host: name, phase: 'apply', state: 'started' }];
  if (at === 5) return [...applying, { type: 'problem', tunnel: name, problem: refusedOn(name) }, inTunnel(name, 'apply', 'failed')];
  if (at === 6) return [...applying, { type: 'problem', tunnel: name, problem: refusedOn(name) }, inTunnel(name, 'roll-back', 'started')];
  return [...applying, inTunnel(name, 'apply', 'done'), ...probes(tunnel), { type: 'tunnel-finished', recap: recapOf(tunnel, index) }];
}

function refusedOn(host: string): Problem {
  return {
    ...STEP_REFUSED,
    host,
    hint: STEP_REFUSED.hint.replace('router-b', host),
    step: `address 10.10.10.1 on ${host}`,
    command: `ip address add 10.10.10.1 dev ${host}`,
  };
}

function recapOf({ name }: TunnelSummary, index: number): TunnelRecap {
  const at = index % 10;
  if (at === 5 || at === 6) return { tunnel: name, outcome: 'rolled-back', changes: 0, isProved: true, problems: [refusedOn(name)] };
  return { tunnel: name, outcome: 'changed', changes: 10, problems: [] };
}

function manyFinished(tunnels: readonly TunnelSummary[]): readonly Untimed[] {
  const recaps = tunnels.map(recapOf);
  const failed = recaps.filter(({ outcome }) => outcome === 'rolled-back');
  const hosts = [
    { ...NO_COUNTS, host: 'hub', changed: tunnels.length - failed.length, rolledBack: failed.length, loadedModules: ['ip_gre', 'ipip'] },
    ...recaps.map(({ tunnel, outcome }) => ({
      ...NO_COUNTS,
      host: tunnel,
      ...(outcome === 'changed' ? { changed: 1 } : { failed: 1, rolledBack: 1 }),
    })),
  ];
  const waiting = recaps.filter((_unused, index) => index % 10 > 4);
  const told = waiting.map((recap): Untimed => ({ type: 'tunnel-finished', recap }));
  return [...told, { type: 'run-finished', recap: { exitCode: failed.length > 0 ? 1 : 0, elapsedMs: 8400, hosts, tunnels: recaps } }];
}

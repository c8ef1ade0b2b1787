import { EVENT_SCHEMA, type Command, type PlannedChange, type Problem, type Recap, type RunEvent, type TunnelRecap, type TunnelSummary } from '../../src/run/events.ts';

/** Runs as their events told them, for views to be shown with. Times are fixed. */
export interface RecordedRun {
  readonly name: string;
  readonly events: readonly RunEvent[];
}

/** An event without its time. */
type Untimed = RunEvent extends infer Each ? (Each extends RunEvent ? Omit<Each, 'at'> : never) : never;

const START_AT = Date.UTC(2026, 10, 21, 9, 0, 0);

const PAIR: TunnelSummary = { name: 'gre1', mode: 'gre', key: '1', hosts: ['router-a', 'router-b'] };


function timed(events: readonly Untimed[], apartMs = 120): readonly RunEvent[] {
  return events.map((event, index) => ({ at: START_AT + index * apartMs, ...event }) as RunEvent);
}

function started(command: Command, tunnels: readonly TunnelSummary[]): Untimed {
  const hosts = [...new Set(tunnels.flatMap((tunnel) => tunnel.hosts))];
  return { type: 'run-started', schema: EVENT_SCHEMA, version: '0.1.0', command, isCheck: command === 'plan', hosts, tunnels };
}

type PhaseEvent = Extract<RunEvent, { type: 'host-phase' | 'tunnel-phase' }>;

function onHosts(hosts: readonly string[], phase: PhaseEvent['phase']): readonly Untimed[] {
  return (['started', 'done'] as const).flatMap((state) => hosts.map((host): Untimed => ({ type: 'host-phase', host, phase, state })));
}

function inTunnel(tunnel: string, phase: PhaseEvent['phase'], state: PhaseEvent['state']): Untimed {
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

function steps(tunnel: TunnelSummary, state: 'done' | 'rolled-back', number = 4): readonly Untimed[] {
  return tunnel.hosts.flatMap((host) =>
    changesOf(tunnel)
      .filter((change) => change.host === host && change.action !== 'load')
      .slice(0, number)
      .map((change): Untimed => ({ type: 'step', tunnel: tunnel.name, host, title: change.object, state })),
  );
}

function probes({ name, hosts: [first, second] }: TunnelSummary, received = 3): readonly Untimed[] {
  const rttMs = { min: 0.41, avg: 0.52, max: 0.71 };
  const answered = received === 0 ? {} : { rttMs };
  return [
    { type: 'probe', tunnel: name, probe: { from: first, to: second, target: '10.10.10.1', sent: 3, received: 3, rttMs } },
    { type: 'probe', tunnel: name, probe: { from: second, to: first, target: '10.10.10.2', sent: 3, received, ...answered } },
    { type: 'full-size-probe', tunnel: name, from: first, mtuBytes: 1476, passed: true },
    { type: 'full-size-probe', tunnel: name, from: second, mtuBytes: 1476, passed: received > 0 },
  ];
}

function untilApplied(command: Command, tunnel: TunnelSummary): readonly Untimed[] {
  return [
    started(command, [tunnel]),
    ...onHosts(tunnel.hosts, 'connect'),
    ...onHosts(tunnel.hosts, 'gather'),
    inTunnel(tunnel.name, 'plan', 'started'),
    { type: 'tunnel-planned', tunnel: tunnel.name, changes: changesOf(tunnel), mtuBytes: 1476 },
    inTunnel(tunnel.name, 'plan', 'done'),
  ];
}

function finished(recap: Omit<Recap, 'elapsedMs'>): readonly Untimed[] {
  return [...recap.tunnels.map((tunnel): Untimed => ({ type: 'tunnel-finished', recap: tunnel })), { type: 'run-finished', recap: { ...recap, elapsedMs: 2140 } }];
}

const HOST = { ok: 0, changed: 0, failed: 0, rolledBack: 0, isUnreachable: false, loadedModules: [] };

export const GOOD_RUN: RecordedRun = {
  name: 'good-run',
  events: timed([
    ...untilApplied('up', PAIR),
    ...onHosts(PAIR.hosts, 'prepare'),
    inTunnel('gre1', 'apply', 'started'),
    { type: 'host-phase', host: 'router-a', phase: 'apply', state: 'started' },
    { type: 'host-phase', host: 'router-b', phase: 'apply', state: 'started' },
    ...steps(PAIR, 'done'),
    inTunnel('gre1', 'apply', 'done'),
    inTunnel('gre1', 'verify', 'started'),
    ...probes(PAIR),
    inTunnel('gre1', 'verify', 'done'),
    inTunnel('gre1', 'commit', 'started'),
    inTunnel('gre1', 'commit', 'done'),
    ...finished({
      exitCode: 0,
      hosts: PAIR.hosts.map((host) => ({ ...HOST, host, changed: 1, loadedModules: ['ip_gre', 'ip_tunnel'] })),
      tunnels: [{ tunnel: 'gre1', outcome: 'changed', changes: 10, problems: [] }],
    }),
  ]),
};

export const STEP_REFUSED: Problem = {
  code: 'apply.step-refused',
  host: 'router-b',
  message: 'the host refused a step',
  hint: 'Another device of router-b holds 10.10.10.1 already: `ip address show to 10.10.10.1` names it. Remove it there, or choose another address in the inventory.',
  step: 'address 10.10.10.1 peer 10.10.10.2 on gre1',
  command: 'ip address add 10.10.10.1 peer 10.10.10.2 dev gre1',
  words: 'RTNETLINK answers: File exists',
};

const FAILING: readonly Untimed[] = [
  ...untilApplied('up', PAIR),
  ...onHosts(PAIR.hosts, 'prepare'),
  inTunnel('gre1', 'apply', 'started'),
  { type: 'step', tunnel: 'gre1', host: 'router-a', title: 'link gre1', state: 'done' },
  { type: 'step', tunnel: 'gre1', host: 'router-b', title: 'link gre1', state: 'done' },
  { type: 'step', tunnel: 'gre1', host: 'router-b', title: 'address 10.10.10.1 peer 10.10.10.2 on gre1', state: 'failed' },
  { type: 'problem', tunnel: 'gre1', problem: STEP_REFUSED },
  inTunnel('gre1', 'apply', 'failed'),
  inTunnel('gre1', 'roll-back', 'started'),
];

export const ROLLED_BACK_RUN: RecordedRun = {
  name: 'rolled-back',
  events: timed([
    ...FAILING,
    ...steps(PAIR, 'rolled-back', 1),
    inTunnel('gre1', 'roll-back', 'done'),
    inTunnel('gre1', 'prove', 'started'),
    inTunnel('gre1', 'prove', 'done'),
    ...finished({
      exitCode: 1,
      hosts: [
        { ...HOST, host: 'router-a', rolledBack: 1, loadedModules: ['ip_gre'] },
        { ...HOST, host: 'router-b', failed: 1, rolledBack: 1, loadedModules: ['ip_gre'] },
      ],
      tunnels: [{ tunnel: 'gre1', outcome: 'rolled-back', changes: 0, isProved: true, problems: [STEP_REFUSED] }],
    }),
  ]),
};

const CUT_OFF: Problem = {
  code: 'ssh.connection-lost',
  host: 'router-b',
  message: 'the connection was lost while rolling back',
  hint: 'The watchdog of router-b rolls back at its deadline; look at the host then, and type what is left if it differs.',
};

export const INCOMPLETE_RUN: RecordedRun = {
  name: 'rollback-incomplete',
  events: timed([
    ...FAILING,
    { type: 'problem', tunnel: 'gre1', problem: CUT_OFF },
    inTunnel('gre1', 'roll-back', 'failed'),
    ...finished({
      exitCode: 5,
      hosts: [
        { ...HOST, host: 'router-a', rolledBack: 1 },
        { ...HOST, host: 'router-b', failed: 1 },
      ],
      tunnels: [
        {
          tunnel: 'gre1',
          outcome: 'rollback-incomplete',
          changes: 1,
          isProved: false,
          problems: [STEP_REFUSED, CUT_OFF],
          leftToType: [{ host: 'router-b', commands: ['ip link delete gre1', 'sysctl -w net.ipv4.ip_forward=0'] }],
        },
      ],
    }),
  ]),
};

const NO_ANSWER = {
  code: 'ssh.unreachable',
  message: 'no answer from 203.0.113.9 port 22 within 10 s',
  hint: 'Is the host up, and is ansible_host right? `ssh root@203.0.113.9` shows more.',
} as const;

export const UNREACHABLE_RUN: RecordedRun = {
  name: 'unreachable',
  events: timed([
    started('up', [PAIR]),
    { type: 'host-phase', host: 'router-a', phase: 'connect', state: 'started' },
    { type: 'host-phase', host: 'router-b', phase: 'connect', state: 'started' },
    { type: 'host-phase', host: 'router-a', phase: 'connect', state: 'done' },
    { type: 'host-warning', host: 'router-a', message: 'the clock is 4 minutes behind' },
    { type: 'host-phase', host: 'router-b', phase: 'connect', state: 'failed' },
    { type: 'host-failed', host: 'router-b', ...NO_ANSWER },
    ...finished({
      exitCode: 4,
      hosts: [
        { ...HOST, host: 'router-a', ok: 1 },
        { ...HOST, host: 'router-b', isUnreachable: true },
      ],
      tunnels: [{ tunnel: 'gre1', outcome: 'unreachable', changes: 0, problems: [{ ...NO_ANSWER, host: 'router-b' }] }],
    }),
  ]),
};

const PLANNED: readonly PlannedChange[] = [
  {
    host: 'router-a',
    action: 'replace',
    object: 'link gre1',
    differences: [
      { name: 'mode', from: 'ipip', to: 'gre' },
      { name: 'key', to: '1' },
    ],
  },
  { host: 'router-a', action: 'add', object: 'address 10.10.10.2 peer 10.10.10.1 on gre1' },
  {
    host: 'router-b',
    action: 'change',
    object: 'link gre1',
    differences: [
      { name: 'ttl', from: '64', to: '255' },
      { name: 'mtu', from: '1400', to: '1476' },
    ],
  },
  { host: 'router-b', action: 'remove', object: 'route 10.9.0.0/16 via gre1' },
];

export const PLAN_RUN: RecordedRun = {
  name: 'plan-only',
  events: timed([
    started('plan', [PAIR, { name: 'tun1', mode: 'ipip', hosts: ['router-a', 'router-c'] }]),
    ...onHosts(['router-a', 'router-b', 'router-c'], 'connect'),
    ...onHosts(['router-a', 'router-b', 'router-c'], 'gather'),
    { type: 'tunnel-planned', tunnel: 'gre1', changes: PLANNED, mtuBytes: 1476 },
    { type: 'tunnel-planned', tunnel: 'tun1', changes: [], mtuBytes: 1480 },
    ...finished({
      exitCode: 0,
      hosts: [
        { ...HOST, host: 'router-a', ok: 1, changed: 1 },
        { ...HOST, host: 'router-b', changed: 1 },
        { ...HOST, host: 'router-c', ok: 1 },
      ],
      tunnels: [
        { tunnel: 'gre1', outcome: 'pending', changes: 4, problems: [] },
        { tunnel: 'tun1', outcome: 'ok', changes: 0, problems: [] },
      ],
    }),
  ]),
};

const LOSSY: Problem = {
  code: 'verify.loss',
  host: 'router-b',
  message: '33 % of the replies were lost, 0 % is the limit',
  hint: 'Look at the underlay between 203.0.113.9 and 198.51.100.7 first: the tunnel can be no better than its path.',
};

export const DEGRADED_RUN: RecordedRun = {
  name: 'verify-degraded',
  events: timed([
    started('verify', [PAIR]),
    ...onHosts(PAIR.hosts, 'connect'),
    ...onHosts(PAIR.hosts, 'gather'),
    inTunnel('gre1', 'verify', 'started'),
    ...probes(PAIR, 2),
    { type: 'problem', tunnel: 'gre1', problem: LOSSY },
    inTunnel('gre1', 'verify', 'done'),
    ...finished({
      exitCode: 6,
      hosts: PAIR.hosts.map((host) => ({ ...HOST, host, ok: 1 })),
      tunnels: [{ tunnel: 'gre1', outcome: 'degraded', changes: 0, problems: [LOSSY] }],
    }),
  ]),
};

/** Everything as declared already. */
export const IDLE_RUN: RecordedRun = {
  name: 'nothing-to-do',
  events: timed([
    started('up', [PAIR]),
    ...onHosts(PAIR.hosts, 'connect'),
    ...onHosts(PAIR.hosts, 'gather'),
    { type: 'tunnel-planned', tunnel: 'gre1', changes: [], mtuBytes: 1476 },
    ...finished({
      exitCode: 0,
      hosts: PAIR.hosts.map((host) => ({ ...HOST, host, ok: 1 })),
      tunnels: [{ tunnel: 'gre1', outcome: 'ok', changes: 0, problems: [] }],
    }),
  ]),
};

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
  return { ...STEP_REFUSED, host, hint: STEP_REFUSED.hint.replace('router-b', host), step: `address 10.10.10.1 on ${host}`, command: `ip address add 10.10.10.1 dev ${host}` };
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
    { ...HOST, host: 'hub', changed: tunnels.length - failed.length, rolledBack: failed.length, loadedModules: ['ip_gre', 'ipip'] },
    ...recaps.map(({ tunnel, outcome }) => ({ ...HOST, host: tunnel, ...(outcome === 'changed' ? { changed: 1 } : { failed: 1, rolledBack: 1 }) })),
  ];
  const waiting = recaps.filter((_unused, index) => index % 10 > 4);
  const told = waiting.map((recap): Untimed => ({ type: 'tunnel-finished', recap }));
  return [...told, { type: 'run-finished', recap: { exitCode: failed.length > 0 ? 1 : 0, elapsedMs: 8400, hosts, tunnels: recaps } }];
}

export const RECORDED_RUNS: readonly RecordedRun[] = [
  GOOD_RUN,
  ROLLED_BACK_RUN,
  INCOMPLETE_RUN,
  UNREACHABLE_RUN,
  PLAN_RUN,
  DEGRADED_RUN,
  IDLE_RUN,
  manyTunnels(40),
];

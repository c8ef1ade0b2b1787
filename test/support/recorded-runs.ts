import type { Command, PlannedChange, Problem, TunnelSummary } from '../../src/run/events.ts';
import { manyTunnels } from './many-tunnels.ts';
import { changesOf, finished, inTunnel, NO_COUNTS, onHosts, PAIR, probes, type RecordedRun, started, steps, timed, type Untimed } from './record.ts';
import { CAPTURED_RUN } from './recorded-captures.ts';
import { STEP_REFUSED } from './step-refused.ts';

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

export const GOOD_RUN: RecordedRun = {
  name: 'good-run',
  events: timed([
    ...untilApplied('up', PAIR),
    ...onHosts(PAIR.hosts, 'prepare'),
    inTunnel('gre1', 'apply', 'started'),
    { type: 'host-phase', host: 'router-a', phase: 'apply', state: 'started' },
    { type: 'host-phase', host: 'router-b', phase: 'apply', state: 'started' },
    ...steps(PAIR, 'done'),
    { type: 'host-phase', host: 'router-a', phase: 'apply', state: 'done' },
    { type: 'host-phase', host: 'router-b', phase: 'apply', state: 'done' },
    inTunnel('gre1', 'apply', 'done'),
    inTunnel('gre1', 'verify', 'started'),
    ...onHosts(PAIR.hosts, 'verify'),
    ...probes(PAIR),
    inTunnel('gre1', 'verify', 'done'),
    inTunnel('gre1', 'commit', 'started'),
    ...onHosts(PAIR.hosts, 'commit'),
    inTunnel('gre1', 'commit', 'done'),
    ...finished({
      exitCode: 0,
      hosts: PAIR.hosts.map((host) => ({ ...NO_COUNTS, host, changed: 1, loadedModules: ['ip_gre', 'ip_tunnel'] })),
      tunnels: [{ tunnel: 'gre1', outcome: 'changed', changes: 10, problems: [] }],
    }),
  ]),
};

const FAILING: readonly Untimed[] = [
  ...untilApplied('up', PAIR),
  ...onHosts(PAIR.hosts, 'prepare'),
  inTunnel('gre1', 'apply', 'started'),
  { type: 'host-phase', host: 'router-a', phase: 'apply', state: 'started' },
  { type: 'host-phase', host: 'router-b', phase: 'apply', state: 'started' },
  { type: 'step', tunnel: 'gre1', host: 'router-a', title: 'link gre1', state: 'done' },
  { type: 'step', tunnel: 'gre1', host: 'router-b', title: 'link gre1', state: 'done' },
  { type: 'step', tunnel: 'gre1', host: 'router-b', title: 'address 10.10.10.1 peer 10.10.10.2 on gre1', state: 'failed' },
  { type: 'problem', tunnel: 'gre1', problem: STEP_REFUSED },
  { type: 'host-phase', host: 'router-b', phase: 'apply', state: 'failed' },
  inTunnel('gre1', 'apply', 'failed'),
  inTunnel('gre1', 'roll-back', 'started'),
  { type: 'host-phase', host: 'router-a', phase: 'roll-back', state: 'started' },
  { type: 'host-phase', host: 'router-b', phase: 'roll-back', state: 'started' },
];

export const ROLLED_BACK_RUN: RecordedRun = {
  name: 'rolled-back',
  events: timed([
    ...FAILING,
    ...steps(PAIR, 'rolled-back', 1),
    inTunnel('gre1', 'roll-back', 'done'),
    inTunnel('gre1', 'prove', 'started'),
    ...onHosts(PAIR.hosts, 'prove'),
    inTunnel('gre1', 'prove', 'done'),
    ...finished({
      exitCode: 1,
      hosts: [
        { ...NO_COUNTS, host: 'router-a', rolledBack: 1, loadedModules: ['ip_gre'] },
        { ...NO_COUNTS, host: 'router-b', failed: 1, rolledBack: 1, loadedModules: ['ip_gre'] },
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
    { type: 'host-phase', host: 'router-b', phase: 'roll-back', state: 'failed' },
    { type: 'problem', tunnel: 'gre1', problem: CUT_OFF },
    inTunnel('gre1', 'roll-back', 'failed'),
    ...finished({
      exitCode: 5,
      hosts: [
        { ...NO_COUNTS, host: 'router-a', rolledBack: 1 },
        { ...NO_COUNTS, host: 'router-b', failed: 1 },
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
    { type: 'problem', tunnel: 'gre1', problem: { ...NO_ANSWER, host: 'router-b' } },
    ...finished({
      exitCode: 4,
      hosts: [
        { ...NO_COUNTS, host: 'router-a', ok: 1 },
        { ...NO_COUNTS, host: 'router-b', isUnreachable: true },
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
        { ...NO_COUNTS, host: 'router-a', ok: 1, changed: 1 },
        { ...NO_COUNTS, host: 'router-b', changed: 1 },
        { ...NO_COUNTS, host: 'router-c', ok: 1 },
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
      hosts: PAIR.hosts.map((host) => ({ ...NO_COUNTS, host, ok: 1 })),
      tunnels: [{ tunnel: 'gre1', outcome: 'degraded', changes: 0, problems: [LOSSY] }],
    }),
  ]),
};

/** Everything as declared already. */
const IDLE_RUN: RecordedRun = {
  name: 'nothing-to-do',
  events: timed([
    started('up', [PAIR]),
    ...onHosts(PAIR.hosts, 'connect'),
    ...onHosts(PAIR.hosts, 'gather'),
    { type: 'tunnel-planned', tunnel: 'gre1', changes: [], mtuBytes: 1476 },
    ...finished({
      exitCode: 0,
      hosts: PAIR.hosts.map((host) => ({ ...NO_COUNTS, host, ok: 1 })),
      tunnels: [{ tunnel: 'gre1', outcome: 'ok', changes: 0, problems: [] }],
    }),
  ]),
};

export const RECORDED_RUNS: readonly RecordedRun[] = [
  GOOD_RUN,
  ROLLED_BACK_RUN,
  INCOMPLETE_RUN,
  UNREACHABLE_RUN,
  PLAN_RUN,
  DEGRADED_RUN,
  IDLE_RUN,
  CAPTURED_RUN,
  manyTunnels(40),
];

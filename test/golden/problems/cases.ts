import type { Traffic } from '../../../src/capture/traffic.ts';
import { trafficProblems } from '../../../src/capture/traffic-problems.ts';
import type { IpsecPolicy } from '../../../src/domain/ipsec.ts';
import { lookupKey, type ObservedHost, type ObservedLink, type ObservedRoute } from '../../../src/domain/observed.ts';
import type { PersistObstacle, StoredFile } from '../../../src/domain/persistence.ts';
import type { Problem } from '../../../src/domain/problem.ts';
import type { Tunnel } from '../../../src/domain/tunnel.ts';
import { planAbsence, planPresence, type TunnelPlan } from '../../../src/plan/plan-tunnel.ts';
import { interruption, problemOf } from '../../../src/run/failure-problem.ts';
import { busyboxInstead, cannotListen, missingProgram, prepareRefusal, unreadableFacts } from '../../../src/run/host-refusals.ts';
import { applyProblems, differs, drifted, inDoubt, leftAsIs, movedOn, notDecided, notMetAgain, tooLate } from '../../../src/run/problems.ts';
import { PREPARE_STATUS } from '../../../src/script/prepare.ts';
import { expectationsOf } from '../../../src/verify/expectation.ts';
import { judge } from '../../../src/verify/judge.ts';
import type { Echo } from '../../../src/verify/probe.ts';
import { anObservedHost, aPersistence, aTunnel, behind } from '../../support/builders.ts';
import { keysFor } from '../../support/builders-keys.ts';

/** Every problem of a tunnel, made by the code that makes it in a run. */
export const problemCases: Readonly<Record<string, () => readonly Problem[]>> = {
  'plan.foreign-device': () => refused({ links: [gre1({ alias: 'backbone' })] }),
  'plan.not-restorable': () => removal({ links: [gre1({ alias: 'tunorch:gre1' })], routes: [route({ device: 'gre1', isRestorable: false })] }),
  'plan.identity-in-use': () => refused({ links: [{ ...gre1({}), device: 'old' }] }),
  'plan.foreign-policy': () => refused({ policies: [strangersPolicy()] }, aTunnel({ ipsec: true })),
  'plan.ipsec-shared': () =>
    refused({ links: [{ ...gre1({}), device: 'old', attributes: { ...gre1({}).attributes, ikey: 9, okey: 9 } }] }, aTunnel({ ipsec: true })),
  'plan.address-in-use': () =>
    refused({ links: [{ ...plainLink('eth1'), addresses: [{ address: '10.10.10.1', length: 24, isKernelMade: false }] }] }),
  'plan.foreign-route': () => refused({ routes: [route({ to: '10.2.1.0/24', device: 'eth0', protocol: 'static' })] }, routed()),
  'plan.pool-in-use': () =>
    refused({ routes: [route({ to: '10.10.10.0/28', device: 'eth0', protocol: 'static' })] }, aTunnel({ pool: '10.10.10.0/24' })),
  'plan.route-captures-ssh': () => [
    ...refused({ ssh: { clientAddress: '10.2.1.9', serverAddress: '30.1.1.1' } }, routed()),
    ...refused(
      {
        ssh: { clientAddress: '192.0.2.9', serverAddress: '30.1.1.1' },
        routes: [route({ to: '0.0.0.0/0', device: 'eth0', gateway: '10.2.1.254' })],
      },
      routed(),
    ).filter(({ code }) => code === 'plan.route-captures-ssh'),
    ...refused(
      {
        ssh: { clientAddress: '10.2.1.9', serverAddress: '30.1.1.1' },
        rules: [{ priority: 100, family: 4, table: 77 }],
      },
      inTable(77),
    ),
  ],
  'plan.route-captures-underlay': () => refused({}, routed('30.1.1.0/25')),
  'plan.forwarding-drops-routes': () =>
    refused(
      { routes: [route({ to: '::/0', device: 'eth0', protocol: 'ra' })], sysctls: new Map([['net/ipv6/conf/all/forwarding', '0']]) },
      routed('2001:db8:2::/64'),
    ),
  'plan.mark-too-long': () => refused({ sysctls: manyForwarding() }, routed()),
  'plan.persist-unavailable': () => [
    ...(['auto', 'systemd', 'netplan'] as const).flatMap((persist) => refused({}, aTunnel({ persist })).filter(onRouterA)),
    ...(['udev', 'dispatcher', 'source'] as const).flatMap((obstacle) => lacking(obstacle)),
  ],
  'plan.persist-inexpressible': () =>
    [aTunnel({ persist: 'networkd', csum: true, seq: true }, [{ dev: 'eth0' }, {}]), aTunnel({ persist: 'netplan', mode: 'isatap' })].flatMap(
      (tunnel) => refused({ persistence: aPersistence({ backEnds: new Set(['networkd', 'netplan']) }) }, tunnel).filter(onRouterA),
    ),
  'plan.foreign-file': () =>
    refused({ persistence: aPersistence({ backEnds: new Set(['systemd']), files: [foreignUnit()] }) }, aTunnel({ persist: 'systemd' })).filter(
      onRouterA,
    ),
  'plan.no-peer-address': () => refused({}, withoutLocal(), new Map()).filter(({ host }) => host === 'router-a'),
  'plan.local-not-on-host': () => refused({}, aTunnel({}, [{ local: '30.1.1.77' }, {}])),
  'plan.no-route-to-peer': () => refused({ lookups: new Map() }),
  'plan.underlay-through-tunnel': () => refused({ lookups: lookupInto('gre1') }),
  'plan.no-such-link': () => refused({}, aTunnel({}, [{ dev: 'wan7' }, {}])),
  'plan.moved-on': () => [movedOn([]), movedOn([{ host: 'router-b', action: 'add', object: 'link gre1' }])],
  'plan.path-too-narrow': () => [
    ...refused({ pathMtus: narrowPath(1300) }, ipv6Inside()),
    ...refused(
      { pathMtus: narrowPath(1200) },
      aTunnel({ mode: 'sit' }, [{ addresses: ['fd00::1 peer fd00::2'] }, { addresses: ['fd00::2 peer fd00::1'] }]),
    ),
  ],
  'plan.port-in-use': () =>
    refused({ fouPorts: [{ port: 5555, family: 4, protocol: 4 }] }, aTunnel({ encap: { type: 'fou', port: 5555 } })).filter(
      ({ host }) => host === 'router-a',
    ),
  'plan.no-firewall-tool': () => refused({}, aTunnel({ mssClamp: 'auto' })).filter(({ host }) => host === 'router-a'),
  'host.kernel-support': () => [
    ...refused({ modules: new Map([['ip_gre', { state: 'absent', reason: 'blacklisted' }]]) }),
    ...refused({ modules: new Map([['ip_gre', { state: 'absent', reason: 'kernel-upgraded-without-reboot' }]]) }),
    ...refused({ modules: new Map([['ip_gre', { state: 'absent', reason: 'no-such-module' }]]) }),
    ...refused({ modules: new Map([['ip_gre', { state: 'absent', reason: 'disabled-by-install-rule' }]]) }),
    ...refused({ modules: new Map([['ip_gre', { state: 'absent', reason: 'loading-disabled' }]]) }),
    ...refused({ modules: new Map([['ip_gre', { state: 'absent', reason: 'container' }]]) }),
    ...refused({ modules: new Map([['ip_gre', { state: 'absent', reason: 'modprobe-missing' }]]) }),
    ...refused({ modules: new Map([['esp4', { state: 'absent', reason: 'no-such-module' }]]) }, aTunnel({ ipsec: true })),
    ...refused({ canAdministerNetwork: false }),
  ],
  'host.locked': () => [
    problemOf(prepareRefusal('router-b', reply(PREPARE_STATUS.locked, 'tunorch up by ann on laptop, pid 7\n1000\n1014\n'))),
    problemOf(prepareRefusal('router-b', reply(PREPARE_STATUS.locked, 'tunorch up by ann on laptop, pid 7\n87400\n1014\n'))),
  ],
  'host.changed-meanwhile': () => [problemOf(prepareRefusal('router-b', reply(PREPARE_STATUS.stale)))],
  'host.refused': () => [
    problemOf(prepareRefusal('router-b', reply(PREPARE_STATUS.unwritable, '', 'mkdir: /run/tunorch: Read-only file system'))),
    problemOf(cannotListen('router-b', { device: 'eth1', words: 'tcpdump: eth1: No such device exists' })),
  ],
  'host.program-missing': () => [
    problemOf(missingProgram('router-b', 'ping')),
    problemOf(missingProgram('router-b', 'timeout')),
    problemOf(busyboxInstead('router-b')),
  ],
  'host.facts-unreadable': () => [problemOf(unreadableFacts('router-b', new Error('`ip -d -j address show` printed no link')))],
  'apply.step-refused': () => applyProblems('router-b', { state: 'failed', status: 2, words: 'RTNETLINK answers: File exists', ...failedStep() }),
  'apply.not-done': () => [
    ...applyProblems('router-b', { state: 'cut-off', status: 137, words: 'Killed' }),
    ...applyProblems('router-b', { state: 'expired' }),
  ],
  'verify.no-reply': () => [
    ...judged([echo({ received: 0 })]).problems,
    ...judged([echo({ received: 0 })], { ipsec: true }).problems,
    ...judged([echo({ received: 0 })], { endpoints: hidden() }).problems,
    ...judged([echo({ received: 0 })], { encap: { type: 'fou', port: 5555 }, endpoints: hidden() }).problems,
  ],
  'verify.full-size-lost': () => judged([echo({}), echo({ sort: 'full-size', received: 0 })]).problems,
  'verify.loss': () => judged([echo({ received: 2 }), echo({ sort: 'full-size' })]).degradations,
  'verify.rtt': () => judged([echo({ rttMs: { min: 80, avg: 120, max: 200 } }), echo({ sort: 'full-size' })]).degradations,
  'verify.target-silent': () =>
    judged([echo({}), echo({ sort: 'full-size' }), echo({ sort: 'beyond', target: '10.2.1.2', received: 0 })], {
      verify: { ...VERIFY, targets: ['10.2.1.2'] },
    }).problems,
  'verify.no-target': () => judge(expectationsOf(aTunnel({}, [{ addresses: [] }, { addresses: [] }])).slice(0, 1), new Map()).problems,
  'verify.drift': () => [drifted({ host: 'router-a', action: 'change', object: 'link gre1', differences: [{ name: 'ttl', from: '64', to: '255' }] })],
  'commit.in-doubt': () => [inDoubt(['router-b'], ['router-a'])],
  'commit.too-late': () => [tooLate()],
  'rollback.undecided': () => [notDecided('router-b')],
  'rollback.unproved': () => [notMetAgain('router-b')],
  'rollback.not-wanted': () => [leftAsIs('router-b', ['new: link gre1', 'new: address on gre1'])],
  'rollback.differs': () => [differs('router-b', ['new: link gre1', 'missing: route 10.9.0.0/16'])],
  'run.interrupted': () => interruption(AbortSignal.abort()),
  'capture.nothing-sent': () => [
    ...captured({ sent: 0, arrived: 0, echoes: { sent: 3, received: 0 } }),
    ...captured({ sent: 0, arrived: 0, echoes: { sent: 0, received: 0 } }),
  ],
  'capture.nothing-arrived': () => captured({ sent: 3, arrived: 0, echoes: { sent: 3, received: 0 } }),
  'capture.not-answered': () => [
    ...captured({ sent: 3, arrived: 3, echoes: { sent: 3, received: 0 } }),
    ...captured({ sent: 1, echoes: { sent: 1, received: 0 } }),
  ],
};

/** One way of a capture: `tunorch capture` counted this. */
function captured(counts: Partial<Traffic>): readonly Problem[] {
  const traffic: Traffic = { from: 'router-a', to: 'router-b', of: 'echo-requests', ...counts };
  return trafficProblems(traffic, { devices: { from: 'eth0', to: 'eth0' }, remote: '30.1.1.2' });
}

function refused(
  onA: Partial<ObservedHost>,
  tunnel: Tunnel = aTunnel(),
  addresses: ReadonlyMap<string, readonly string[]> = new Map(),
): readonly Problem[] {
  return planned(planPresence, onA, tunnel, addresses).problems;
}

function removal(onA: Partial<ObservedHost>): readonly Problem[] {
  return planned(planAbsence, onA, aTunnel(), new Map()).problems;
}

function planned(
  plan: typeof planPresence,
  onA: Partial<ObservedHost>,
  tunnel: Tunnel,
  addresses: ReadonlyMap<string, readonly string[]>,
): TunnelPlan {
  const a = anObservedHost({ lookups: lookupInto('eth0'), ...onA });
  const b = anObservedHost({
    host: 'router-b',
    links: [{ ...plainLink('eth0'), addresses: [{ address: '30.1.1.2', length: 24, isKernelMade: false }] }],
    lookups: new Map(
      [
        { to: '30.1.1.1', from: '30.1.1.2' },
        { to: '30.1.1.77', from: '30.1.1.2' },
      ].map((question) => [lookupKey(question), { found: true, device: 'eth0', source: '30.1.1.2' }]),
    ),
  });
  const links = [...anObservedHost().links, ...(onA.links ?? [])];
  return plan(tunnel, {
    hosts: new Map([
      ['router-a', { ...a, links }],
      ['router-b', b],
    ]),
    addresses,
    foreignDevices: 'refuse',
    keys: keysFor([tunnel]),
  });
}

function lookupInto(device: string): ObservedHost['lookups'] {
  return new Map([[lookupKey({ to: '30.1.1.2', from: '30.1.1.1' }), { found: true, device, source: '30.1.1.1' }]]);
}

function onRouterA({ host }: Problem): boolean {
  return host === 'router-a';
}

/** Everything runs, but something of it is missing. */
function lacking(obstacle: PersistObstacle): readonly Problem[] {
  const persist = obstacle === 'source' ? 'ifupdown' : 'networkmanager';
  const persistence = aPersistence({ backEnds: new Set([persist]), obstacles: new Set([obstacle]) });
  return refused({ persistence }, aTunnel({ persist })).filter(onRouterA);
}

function foreignUnit(): StoredFile {
  return { kind: 'text', path: '/etc/systemd/system/tunorch-gre1.service', mode: '644', text: '[Unit]\n' };
}

function narrowPath(bytes: number): ReadonlyMap<string, number> {
  return new Map([[lookupKey({ to: '30.1.1.2', from: '30.1.1.1' }), bytes]]);
}

function ipv6Inside(): Tunnel {
  return aTunnel({}, [{ addresses: ['fd00::1/64'] }, { addresses: ['fd00::2/64'] }]);
}

function gre1({ alias }: { readonly alias?: string }): ObservedLink {
  const attributes = { local: '30.1.1.1', remote: '30.1.1.2', ikey: 1, okey: 1, ttl: 255, pmtudisc: true };
  return { ...plainLink('gre1'), kind: 'gre', mode: 'gre', attributes, ...(alias === undefined ? {} : { alias }) };
}

function strangersPolicy(): IpsecPolicy {
  return { direction: 'out', from: '30.1.1.1/32', to: '30.1.1.2/32', protocol: 47, priority: 375_423 };
}

function plainLink(device: string): ObservedLink {
  return { device, isUp: true, mtuBytes: 1500, attributes: {}, addresses: [] };
}

function route(fields: Partial<ObservedRoute>): ObservedRoute {
  return { to: '10.9.0.0/16', type: 'unicast', device: 'eth0', table: 254, metric: 0, protocol: 'static', isRestorable: true, ...fields };
}

/** Router-a's peer has a network behind it, so router-a gets a route and forwards. */
function routed(network = '10.2.1.0/24'): Tunnel {
  return aTunnel({}, [{ forwarding: true }, behind(network)]);
}

function inTable(table: number): Tunnel {
  return aTunnel({}, [{ forwarding: true, table }, behind('10.2.1.0/24')]);
}

function withoutLocal(): Tunnel {
  const tunnel = aTunnel();
  const [first, { local: _, ...second }] = tunnel.endpoints;
  return { ...tunnel, endpoints: [first, second] };
}

function manyForwarding(): ReadonlyMap<string, string> {
  const devices = Array.from({ length: 40 }, (_, index) => [`net/ipv4/conf/customer-${index}/forwarding`, '1'] as const);
  return new Map([['net/ipv4/ip_forward', '0'], ...devices]);
}

function reply(status: number, stdout = '', stderr = '') {
  return { status, stdout, stderr };
}

function failedStep() {
  const step = { host: 'router-b', tunnel: 'gre1', title: 'add link gre1', forward: [], inverse: [] };
  return { step, command: 'ip link add name gre1 type gre local 30.1.1.2 remote 30.1.1.1', done: [] };
}

const VERIFY = { count: 3, intervalSeconds: 0.2, maxLossPercent: 0, maxRttMs: 100 };
/** Router-a sits behind NAT. */
function hidden(): Tunnel['endpoints'] {
  return aTunnel({}, [{ public: '203.0.113.7' }, {}]).endpoints;
}

function judged(echoes: readonly Echo[], fields: Partial<Tunnel> = {}) {
  const tunnel = aTunnel({ verify: VERIFY, ...fields }, [{}, behind('10.2.1.0/24')]);
  return judge(expectationsOf(tunnel).slice(0, 1), new Map([['router-a', echoes]]));
}

function echo(fields: Partial<Echo>): Echo {
  const rttMs = { min: 1, avg: 2, max: 3 };
  return {
    tunnel: 'gre1',
    sort: 'echo',
    target: '10.10.10.2',
    sent: 3,
    received: 3,
    rttMs,
    mtuBytes: 1476,
    words: '3 packets transmitted',
    ...fields,
  };
}

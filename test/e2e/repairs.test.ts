import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { ping } from './scenario-capture.ts';
import { expectAll, onlyTunnel, plannedChanges, problemsOn, tunorch } from './scenario-program.ts';
import { REFUSAL, refuseLine } from './scenario-refusals.ts';
import { expectUnchanged } from './scenario-snapshot.ts';
import { type Draft, OPS_ENVIRONMENT, type Scenario, stageExample } from './scenario-stage.ts';

const HOSTS = ['router-a', 'router-b'] as const;

let scenario: Scenario;
let indexes: readonly string[];
/** What the inventory says otherwise than the example by now. */
const bends: ((gre1: Draft) => void)[] = [];

function indexesNow(): Promise<readonly string[]> {
  return Promise.all(HOSTS.map((host) => scenario.sh(host, 'cat /sys/class/net/gre1/ifindex')));
}

function inventoryNow(): Promise<string> {
  return scenario.write(({ tunnels: { gre1 } }) => {
    for (const bend of bends) bend(gre1);
  });
}

const run = (command: string, inventory: string) => tunorch([command, inventory], { env: OPS_ENVIRONMENT });

/** Brings the tunnel to what the inventory says now, by these changes, on the device that was there. */
async function expectRepaired(changes: readonly string[]): Promise<void> {
  const up = await run('up', await inventoryNow());
  expectAll(up, 'changed');
  expect(plannedChanges(up)).toEqual([...changes].sort());
  expect(await indexesNow()).toEqual(indexes);
}

const onBoth = (change: string) => HOSTS.map((host) => `${host}: ${change}`);

beforeAll(async () => {
  scenario = await stageExample('site-to-site');
  expectAll(await run('up', scenario.inventory), 'changed');
  indexes = await indexesNow();
});

describe('a tunnel that the inventory now wants otherwise', () => {
  it.each<[string, (gre1: Draft) => void, readonly string[]]>([
    ['another key', (gre1) => Object.assign(gre1, { key: 7 }), onBoth('change link gre1 (ikey, okey)')],
    ['another ttl', (gre1) => Object.assign(gre1, { ttl: 64 }), onBoth('change link gre1 (ttl)')],
    ['another mtu', (gre1) => Object.assign(gre1, { mtu: 1380 }), onBoth('change link gre1 (mtu)')],
    ['no key any more', (gre1) => delete gre1.key, onBoth('change link gre1 (ikey, okey)')],
    [
      'another address of one end',
      (gre1) => Object.assign(gre1.endpoints['router-a'], { address: '10.10.10.6' }),
      [
        'router-a: add address 10.10.10.6 peer 10.10.10.1 on gre1',
        'router-a: remove address 10.10.10.2 peer 10.10.10.1 on gre1',
        'router-b: add address 10.10.10.1 peer 10.10.10.6 on gre1',
        'router-b: remove address 10.10.10.1 peer 10.10.10.2 on gre1',
      ],
    ],
    [
      'another network behind one end',
      (gre1) => Object.assign(gre1.endpoints['router-a'], { networks: ['10.2.0.0/16'] }),
      ['router-b: add route 10.2.0.0/16 dev gre1', 'router-b: remove route 10.2.1.0/24 dev gre1'],
    ],
  ])('is changed in place: %s', async (_, bend, changes) => {
    bends.push(bend);
    await expectRepaired(changes);
  });

  it('carries packets between the sites all the same, and has nothing left to change', async () => {
    await ping(scenario, 'pc1', '10.2.1.2');
    await ping(scenario, 'pc2', '10.1.1.2');
    expect(plannedChanges(await run('up', await inventoryNow()))).toEqual([]);
  });

  it('is as it was, on the same device, when the change is rolled back', async () => {
    const before = await scenario.look();
    await refuseLine(scenario, 'router-b', 3);
    const up = await run('up', scenario.inventory);
    expect(up.status).toBe(1);
    expect(onlyTunnel(up)).toMatchObject({ outcome: 'rolled-back', isProved: true, problems: [{ host: 'router-b', words: REFUSAL }] });
    expect(await indexesNow()).toEqual(indexes);
    await expectUnchanged(scenario.lab, before);
  });
});

describe('a tunnel that somebody has altered by hand', () => {
  it('is set up again where its link was put down, with the routes that were lost', async () => {
    await scenario.sh('router-a', 'ip link set dev gre1 down');
    const verify = await run('verify', await inventoryNow());
    expect(verify.status).toBe(1);
    expect(problemsOn(onlyTunnel(verify), 'router-a').map(({ code }) => code)).toContain('verify.drift');
    await expectRepaired(['router-a: add route 10.1.1.0/24 dev gre1', 'router-a: change link gre1 (state)']);
  });

  it('gets its address back, with the routes that were lost', async () => {
    await scenario.sh('router-b', 'ip address flush dev gre1 scope global');
    await expectRepaired(['router-b: add address 10.10.10.1 peer 10.10.10.6 on gre1', 'router-b: add route 10.2.0.0/16 dev gre1']);
  });
});

describe('what is not tunorch’s', () => {
  const FOREIGN = `ip address add 9.9.9.9/32 dev eth1
ip route add 8.8.1.0/24 dev eth1
ip route add 8.8.2.0/24 dev gre1 proto static metric 50
ip route add 8.8.3.0/24 via 8.8.2.1 dev gre1 proto bgp
ip route add 8.8.4.0/24 dev eth1 src 10.10.10.6
ip link set dev gre1 multicast on txqueuelen 77
sysctl -qw net.ipv4.conf.gre1.rp_filter=2 net.ipv6.conf.gre1.accept_ra=0`;
  const SHOW_FOREIGN = `ip route show proto static; ip route show proto bgp; ip route show 8.8.4.0/24; ip link show dev gre1
cat /proc/sys/net/ipv4/conf/gre1/rp_filter /proc/sys/net/ipv6/conf/gre1/accept_ra`;

  beforeAll(async () => {
    await scenario.sh('router-a', FOREIGN);
  });

  it('is left alone by reruns, on other links and through the tunnel', async () => {
    const before = await scenario.look();
    const up = await run('up', await inventoryNow());
    expectAll(up, 'ok');
    expect(plannedChanges(up)).toEqual([]);
    await expectUnchanged(scenario.lab, before);
  });

  it('is there again, with the whole tunnel, when a replacement is rolled back', async () => {
    const before = await scenario.look();
    const drop =
      "nft -f - <<'EOF'\nadd table inet e2e\nadd chain inet e2e gate { type filter hook input priority 0; }\nadd rule inet e2e gate meta l4proto 4 drop\nEOF";
    onTestFinished(async () => void (await scenario.sh('router-b', 'nft delete table inet e2e')));
    await scenario.sh('router-b', drop);
    bends.push((gre1) => Object.assign(gre1, { mode: 'ipip' }));
    const up = await run('up', await inventoryNow());
    expect(up.status, up.stderr).toBe(1);
    expect(plannedChanges(up)).toEqual(expect.arrayContaining(onBoth('replace link gre1')));
    expect(onlyTunnel(up)).toMatchObject({ outcome: 'rolled-back', isProved: true });
    expect(await indexesNow()).not.toEqual(indexes);
    await expectUnchanged(scenario.lab, before);
    await ping(scenario, 'pc1', '10.2.1.2');
  });

  it('does not keep the tunnel from being replaced for good, and the plan names what is written again', async () => {
    const up = await run('up', await inventoryNow());
    expectAll(up, 'changed');
    expect(plannedChanges(up)).toEqual(
      expect.arrayContaining(
        ['8.8.2.0/24 dev gre1 metric 50', '8.8.3.0/24 via 8.8.2.1 dev gre1', '8.8.4.0/24 dev eth1'].map((route) => `router-a: add route ${route}`),
      ),
    );
    await ping(scenario, 'pc1', '10.2.1.2');
    await ping(scenario, 'pc2', '10.1.1.2');
  });

  it('is there again when the tunnel was replaced for good: routes through it, routes from its address, settings of its link', async () => {
    const shown = await scenario.sh('router-a', SHOW_FOREIGN);
    for (const each of [
      /8\.8\.2\.0\/24 dev gre1 scope link metric 50/,
      /8\.8\.3\.0\/24 via 8\.8\.2\.1 dev gre1/,
      /8\.8\.4\.0\/24 dev eth1 scope link src 10\.10\.10\.6/,
      /MULTICAST/,
      /qlen 77/,
      /\n2\n0\n$/,
    ])
      expect(shown).toMatch(each);
  });

  it('stays when the tunnel goes', async () => {
    expectAll(await run('down', await inventoryNow()), 'changed');
    expect(await scenario.sh('router-a', 'ip address show dev eth1; ip route')).toMatch(/inet 9\.9\.9\.9\/32[\s\S]*8\.8\.1\.0\/24 dev eth1/);
  });
});

describe('a link of somebody else that is taken over', () => {
  const LINK = 'ip link add name gre1 group 7 mtu 1390 type gre local 30.1.1.2 remote 30.1.1.1 ttl 33 && ip link set dev gre1 multicast on up';

  it('is in its own group again, and as it was, when taking it over was rolled back', async () => {
    await scenario.sh('router-a', LINK);
    onTestFinished(async () => void (await scenario.sh('router-a', 'ip link delete dev gre1')));
    const before = await scenario.look();
    await refuseLine(scenario, 'router-b', 2);
    const up = await tunorch(['up', await inventoryNow(), '--adopt'], { env: OPS_ENVIRONMENT });
    expect(up.status, up.stderr).toBe(1);
    expect(plannedChanges(up)).toContain('router-a: replace link gre1');
    expect(onlyTunnel(up)).toMatchObject({ outcome: 'rolled-back', isProved: true });
    await expectUnchanged(scenario.lab, before);
  });

  it('is not deleted where something hangs on it that nobody could write back', async () => {
    await scenario.sh('router-a', `${LINK} && tc qdisc add dev gre1 root pfifo`);
    onTestFinished(async () => void (await scenario.sh('router-a', 'ip link delete dev gre1')));
    const before = await scenario.look();
    const up = await tunorch(['up', await inventoryNow(), '--adopt'], { env: OPS_ENVIRONMENT });
    expect(up.status, up.stderr).toBe(1);
    expect(onlyTunnel(up)).toMatchObject({ outcome: 'failed', changes: 0, problems: [{ code: 'plan.not-restorable', host: 'router-a' }] });
    expect(onlyTunnel(up).problems[0]?.message).toContain('its queueing discipline pfifo');
    await expectUnchanged(scenario.lab, before);
  });
});

import { beforeAll, describe, expect, it } from 'vitest';
import { expectAll, plannedChanges, tunorch } from '../e2e/scenario-program.ts';
import { expectUnchanged, type Snapshot } from '../e2e/scenario-snapshot.ts';
import { type Draft, OPS_ENVIRONMENT, type Scenario, stageExample } from '../e2e/scenario-stage.ts';

let scenario: Scenario;
let before: ReadonlyMap<string, Snapshot>;

const run = (command: string, inventory = scenario.inventory) =>
  tunorch([command, inventory], { env: { ...OPS_ENVIRONMENT, TUNORCH_TIMEOUT: '60' } });

/** Devices and weights of a route, as the kernel prints its nexthops, sorted. */
const WAYS = (to: string) =>
  `ip ${to.includes(':') ? '-6 ' : ''}route show exact ${to} proto 205 | grep -o 'dev [a-z0-9]*\\( weight [0-9]*\\)*' | sort`;

/** By which device the kernel would send to each of many addresses behind the peer: how often each. */
const SPREAD = 'for n in $(seq 1 60); do ip route get 10.1.1.$n; done | grep -o "dev gre[0-9]" | sort | uniq -c';

const SENT = 'cat /sys/class/net/gre1/statistics/tx_packets /sys/class/net/gre2/statistics/tx_packets';

const BOTH = 'dev gre1 weight 3\ndev gre2 weight 1\n';

describe('two tunnels between the same routers that lead to the same networks', () => {
  beforeAll(async () => {
    scenario = await stageExample('multipath');
    await scenario.sh('router-a', 'ip address add 10.2.1.50/24 dev eth1');
    before = await scenario.look();
  });

  it('are one route of each kernel, and a second run finds nothing to do', async () => {
    expectAll(await run('up'), 'changed');
    expect(await scenario.sh('router-a', WAYS('10.1.1.0/24'))).toBe(BOTH);
    expect(await scenario.sh('router-b', WAYS('10.2.1.0/24'))).toBe(BOTH);
    expect(await scenario.sh('router-a', WAYS('fd00:1::/64'))).toBe(BOTH);
    const again = await run('up');
    expectAll(again, 'ok');
    expect(plannedChanges(again)).toEqual([]);
    expectAll(await run('verify'), 'ok');
  });

  it('are used at once, by their weights: of sixty addresses each device gets its part, and carries what is sent there', async () => {
    const [, first = '0', second = '0'] = /(\d+) dev gre1\n\s*(\d+) dev gre2/.exec(await scenario.sh('router-a', SPREAD)) ?? [];
    expect(Number(first)).toBeGreaterThan(Number(second));
    expect(Number(second)).toBeGreaterThan(0);
    const [one = 0, other = 0] = (await scenario.sh('router-a', SENT)).split('\n').map(Number);
    await scenario.sh('router-a', 'for n in $(seq 1 60); do ping -n -q -c 1 -W 1 10.1.1.$n >/dev/null & done; wait');
    const [oneNow = 0, otherNow = 0] = (await scenario.sh('router-a', SENT)).split('\n').map(Number);
    expect(oneNow - one).toBeGreaterThanOrEqual(Number(first));
    expect(otherNow - other).toBeGreaterThanOrEqual(Number(second));
  });

  it('is repaired where a nexthop is missing, of IPv4 and of IPv6', async () => {
    await scenario.sh('router-a', 'ip route replace 10.1.1.0/24 dev gre2 proto 205 && ip -6 route delete fd00:1::/64 via fd00:11::1 dev gre2');
    const repaired = await run('up');
    expect(plannedChanges(repaired)).toEqual([
      'router-a: add route 10.1.1.0/24 nexthop dev gre1 weight 3',
      'router-a: add route fd00:1::/64 nexthop via fd00:11::1 dev gre2 weight 1',
    ]);
    expect([await scenario.sh('router-a', WAYS('10.1.1.0/24')), await scenario.sh('router-a', WAYS('fd00:1::/64'))]).toEqual([BOTH, BOTH]);
  });

  it('is left by a tunnel whose change fails, and by nobody else: all nexthops are there again with their weights', async () => {
    const wrong = await scenario.write((draft: Draft) => {
      draft.tunnels.gre1.mode = 'gretap';
      draft.tunnels.gre1.verify = { count: 1, targets: ['10.1.1.250'] };
    });
    const failed = await run('up', wrong);
    expect(failed.recap.tunnels.map(({ tunnel, outcome }) => `${tunnel} ${outcome}`)).toEqual(['gre1 rolled-back', 'gre2 ok']);
    for (const [host, to] of [
      ['router-a', '10.1.1.0/24'],
      ['router-a', 'fd00:1::/64'],
      ['router-b', '10.2.1.0/24'],
      ['router-b', 'fd00:2::/64'],
    ] as const)
      expect(await scenario.sh(host, WAYS(to)), `${host} ${to}`).toBe(BOTH);
  });

  it('lose the nexthop of a tunnel that is to be absent, and both hosts are what they were after down', async () => {
    const one = await scenario.write((draft: Draft) => {
      draft.tunnels.gre1.state = 'absent';
    });
    expect((await run('up', one)).recap.tunnels.map(({ tunnel, outcome }) => `${tunnel} ${outcome}`)).toEqual(['gre1 changed', 'gre2 ok']);
    expect([await scenario.sh('router-a', WAYS('10.1.1.0/24')), await scenario.sh('router-b', WAYS('fd00:2::/64'))]).toEqual([
      'dev gre2\n',
      'dev gre2\n',
    ]);
    expect(await scenario.sh('router-a', 'ping -n -q -c 2 -W 2 -I 10.2.1.50 10.1.1.1 >/dev/null && echo answered')).toBe('answered\n');
    expect((await run('down')).recap.tunnels.map(({ tunnel, outcome }) => `${tunnel} ${outcome}`)).toEqual(['gre1 ok', 'gre2 changed']);
    await expectUnchanged(scenario.lab, before);
  });
});

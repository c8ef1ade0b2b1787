import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { captureDuring, ping } from '../e2e/scenario-capture.ts';
import { eventsOf, expectAll, onlyTunnel, plannedChanges, tunorch } from '../e2e/scenario-program.ts';
import { expectUnchanged, type Snapshot } from '../e2e/scenario-snapshot.ts';
import { type Draft, type Scenario, stageExample } from '../e2e/scenario-stage.ts';

/** An address of the router's that stands for host-a alone, in both directions. */
const ONE_TO_ONE = `ip address add 10.10.20.77/24 dev eth2
nft 'add table ip one; add chain ip one in { type nat hook prerouting priority -100; }; add rule ip one in ip daddr 10.10.20.77 dnat to 10.10.10.2
add chain ip one out { type nat hook postrouting priority 90; }; add rule ip one out ip saddr 10.10.10.2 snat to 10.10.20.77'`;
const NO_LONGER = 'nft delete table ip one; ip address delete 10.10.20.77/24 dev eth2';

/** The router shows another port than the one packets came from. */
const OTHER_PORT = `nft 'add table ip other; add chain ip other out { type nat hook postrouting priority 90; }; add rule ip other out oifname "eth2" udp sport 5556 masquerade to :40010'`;

async function expectCarried(scenario: Scenario, inventory = scenario.inventory): Promise<void> {
  const up = await tunorch(['up', inventory]);
  expectAll(up, 'changed');
  expect(eventsOf(up, 'full-size-probe').map(({ passed }) => passed)).toEqual([true, true]);
  const again = await tunorch(['up', inventory]);
  expectAll(again, 'ok');
  expect(plannedChanges(again)).toEqual([]);
  expectAll(await tunorch(['verify', inventory]), 'ok');
}

describe('behind 1:1 NAT', () => {
  let scenario: Scenario;
  let before: ReadonlyMap<string, Snapshot>;

  beforeAll(async () => {
    scenario = await stageExample('nat-one-to-one');
    before = await scenario.look();
    await scenario.sh('router', ONE_TO_ONE);
  });
  afterAll(async () => void (await scenario.sh('router', NO_LONGER)));

  it('gre crosses with `public`, both ways', async () => {
    await expectCarried(scenario);
    const shows = [/10\.10\.20\.2 > 10\.10\.20\.77: GREv0/, /10\.10\.20\.77 > 10\.10\.20\.2: GREv0/];
    await captureDuring(scenario, { host: 'router', device: 'eth2', filter: 'ip proto 47', shows }, () => ping(scenario, 'host-b', '10.10.100.10'));
  });

  it('is gone after down', async () => {
    expectAll(await tunorch(['down', scenario.inventory]), 'changed');
    await expectUnchanged(scenario.lab, before);
  });
});

describe('behind a router that masquerades', () => {
  let scenario: Scenario;
  let before: ReadonlyMap<string, Snapshot>;
  const ports = async (host: string) => (await scenario.sh(host, 'ip fou show')).trim();

  beforeAll(async () => {
    scenario = await stageExample('nat-fou');
    before = await scenario.look();
    for (const host of ['host-a', 'host-b']) await scenario.sh(host, 'modprobe fou');
  });

  it('gre in UDP crosses both ways', async () => {
    await expectCarried(scenario);
    const shows = [/10\.10\.20\.1\.5555 > 10\.10\.20\.2\.5555: UDP/, /10\.10\.20\.2\.5555 > 10\.10\.20\.1\.5555: UDP/];
    await captureDuring(scenario, { host: 'router', device: 'eth2', filter: 'udp port 5555', shows }, () => ping(scenario, 'host-a', '10.10.200.10'));
    for (const host of ['host-a', 'host-b']) {
      expect(await scenario.sh(host, 'cat /sys/class/net/gre1/mtu')).toBe('1464\n');
      expect(await ports(host)).toBe('port 5555 ipproto 47');
    }
  });

  it('another port, and a router that shows still another, take the place of the first', async () => {
    await scenario.sh('router', OTHER_PORT);
    const inventory = await scenario.write(({ tunnels: { gre1 } }: Draft) => {
      gre1.encap = { type: 'gue', port: 5556 };
      gre1.endpoints['host-a'].public_port = 40_010;
    });
    await expectCarried(scenario, inventory);
    for (const host of ['host-a', 'host-b']) expect(await ports(host)).toBe('port 5556 gue');
    expect(await scenario.sh('host-b', 'ip -d link show dev gre1')).toMatch(/encap gue encap-sport 5556 encap-dport 40010/);
  });

  it('leaves nothing after down, and no port', async () => {
    expectAll(await tunorch(['down', scenario.inventory]), 'changed');
    for (const host of ['host-a', 'host-b']) expect(await ports(host)).toBe('');
    await expectUnchanged(scenario.lab, before);
  });

  it('leaves a port that somebody else has opened', async () => {
    await scenario.sh('host-b', 'ip fou add port 5555 ipproto 47');
    expectAll(await tunorch(['up', scenario.inventory]), 'changed');
    expectAll(await tunorch(['down', scenario.inventory]), 'changed');
    expect([await ports('host-a'), await ports('host-b')]).toEqual(['', 'port 5555 ipproto 47']);
    await scenario.sh('host-b', 'ip fou del port 5555');
  });

  it('plain gre is rolled back at both ends, and NAT is named', async () => {
    await scenario.sh('host-b', 'ip route add 10.10.10.0/24 via 10.10.20.99');
    const inventory = await scenario.write(({ tunnels: { gre1 } }: Draft) => {
      delete gre1.encap;
      delete gre1.endpoints['host-a'].public;
    });
    const up = await tunorch(['up', inventory]);
    await scenario.sh('host-b', 'ip route delete 10.10.10.0/24');
    expect(up.status).toBe(1);
    expect(onlyTunnel(up)).toMatchObject({ outcome: 'rolled-back', isProved: true });
    expect(onlyTunnel(up).problems.map(({ code, hint }) => `${code}: ${hint}`)).toContainEqual(
      expect.stringMatching(/^verify\.no-reply: .*Where NAT lies between them, declare it: `public`/),
    );
    await expectUnchanged(scenario.lab, before);
  });
});

import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { captureDuring, ping } from '../e2e/scenario-capture.ts';
import { keysOn, PATIENCE, ROUTERS } from '../e2e/scenario-ipsec.ts';
import { expectAll, onlyTunnel, tunorch } from '../e2e/scenario-program.ts';
import { REFUSAL, refuseLine } from '../e2e/scenario-refusals.ts';
import { expectUnchanged, type Snapshot } from '../e2e/scenario-snapshot.ts';
import { type Draft, type Scenario, stageExample } from '../e2e/scenario-stage.ts';

let scenario: Scenario;
let before: ReadonlyMap<string, Snapshot>;

const run = (command: string, inventory = scenario.inventory) => tunorch([command, inventory, ...PATIENCE]);

beforeAll(async () => {
  scenario = await stageExample('ipsec');
  before = await scenario.look();
});

describe('gre in ESP', () => {
  it('leaves both hosts as they were when a policy is refused on one', async () => {
    await refuseLine(scenario, 'router-b', 4);
    const up = await run('up');
    expect(onlyTunnel(up)).toMatchObject({ outcome: 'rolled-back', isProved: true });
    expect(onlyTunnel(up).problems).toMatchObject([{ code: 'apply.step-refused', host: 'router-b', words: REFUSAL }]);
    await expectUnchanged(scenario.lab, before);
  });

  it('carries multicast', async () => {
    expectAll(await run('up'), 'changed');
    const shows = [/10\.10\.10\.2 > 224\.0\.0\.1: ICMP echo request/];
    await captureDuring(scenario, { host: 'router-b', device: 'gre1', filter: 'dst 224.0.0.1', shows }, () =>
      scenario.sh('router-a', 'ping -n -c 2 -i 0.2 -W 1 -I gre1 224.0.0.1; :'),
    );
  });

  it('gets new keys at both ends where one has lost its own', async () => {
    const keys = await keysOn(scenario, 'router-a');
    await scenario.sh('router-b', 'ip xfrm state flush');
    expectAll(await run('up'), 'changed');
    const renewed = await keysOn(scenario, 'router-b');
    expect(renewed).toHaveLength(2);
    expect(await keysOn(scenario, 'router-a')).toEqual(renewed);
    expect(renewed.filter((key) => keys.includes(key))).toEqual([]);
  });
  it('goes on with the old keys when the switch of a rekey is refused on one host', async () => {
    const [keys, with_] = [await keysOn(scenario, 'router-a'), await scenario.look()];
    await refuseLine(scenario, 'router-b', 2);
    const rekey = await run('rekey');
    expect(onlyTunnel(rekey)).toMatchObject({ outcome: 'rolled-back', isProved: true });
    await expectUnchanged(scenario.lab, with_);
    expect(await keysOn(scenario, 'router-a')).toEqual(keys);
    await ping(scenario, 'router-a', '10.10.10.1');
  });

  it('leaves nothing after down', async () => {
    expectAll(await run('down'), 'changed');
    await expectUnchanged(scenario.lab, before);
  });
});

describe.each<[string, (gre1: Draft) => void]>([
  ['vti', (gre1) => Object.assign(gre1, { mode: 'vti', key: 42 })],
  [
    'vti6',
    (gre1) => {
      Object.assign(gre1, { mode: 'vti6', key: 43 });
      gre1.endpoints['router-a'] = { local: 'fd00:30::2', address: ['10.10.10.2', 'fd00:10::2'], networks: ['10.2.1.0/24'] };
      gre1.endpoints['router-b'] = { local: 'fd00:30::1', address: ['10.10.10.1', 'fd00:10::1'], networks: ['10.1.1.0/24'] };
    },
  ],
])('%s with ipsec', (_mode, bend) => {
  it('carries both sites in ESP, takes new keys, and is gone after down', async () => {
    await Promise.all(ROUTERS.map((host, index) => scenario.sh(host, `ip address add fd00:30::${2 - index}/64 dev eth1 nodad`)));
    onTestFinished(
      async () => void (await Promise.all(ROUTERS.map((host, index) => scenario.sh(host, `ip address delete fd00:30::${2 - index}/64 dev eth1`)))),
    );
    const started = await scenario.look();
    const inventory = await scenario.write(({ tunnels: { gre1 } }) => bend(gre1));
    expectAll(await run('up', inventory), 'changed');
    expect(await ping(scenario, 'pc1', '10.2.1.2')).toContain('ttl=62');
    expectAll(await run('up', inventory), 'ok');
    expectAll(await run('rekey', inventory), 'changed');
    expectAll(await run('down', inventory), 'changed');
    await expectUnchanged(scenario.lab, started);
  });
});

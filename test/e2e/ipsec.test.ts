import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { captureDuring, ping } from './scenario-capture.ts';
import { type Ended, eventsOf, expectAll, onlyTunnel, plannedChanges, tunorch, tunorchText } from './scenario-program.ts';
import { REFUSAL, refuseLine } from './scenario-refusals.ts';
import { expectUnchanged, type Snapshot } from './scenario-snapshot.ts';
import { type Draft, type Scenario, stageExample } from './scenario-stage.ts';

const ROUTERS = ['router-a', 'router-b'] as const;

let scenario: Scenario;
let before: ReadonlyMap<string, Snapshot>;

/** A busy machine may take a minute for what takes a second; what is tested is what happens, not when. */
const PATIENCE = ['--timeout', '60', '--deadline', '240'];

const run = (command: string, inventory = scenario.inventory) =>
  tunorch([command, inventory, ...(command === 'verify' ? PATIENCE.slice(0, 2) : PATIENCE)]);

/** Keys as the kernel has them: only the test looks at them. */
async function keysOn(host: string): Promise<readonly string[]> {
  const states = await scenario.sh(host, 'ip xfrm state list');
  return [...states.matchAll(/aead rfc4106\(gcm\(aes\)\) 0x([0-9a-f]{72}) 128/g)].map(([, key = '']) => key).toSorted();
}

function expectSilent({ stdout, stderr }: Ended, keys: readonly string[]): void {
  for (const key of keys) expect(stdout.includes(key) || stderr.includes(key)).toBe(false);
}

/** Pings without end in the background. */
const FLOOD = `rm -f /run/flood*; ping -n -q -i 0.05 "$peer" </dev/null >/run/flood 2>&1 &
echo $! >/run/flood.pid`;
const END_FLOOD = '[ ! -e /run/flood.pid ] || kill -INT $(cat /run/flood.pid); rm -f /run/flood*';

/** What the kernel counts: requests, answers however late, and what IPsec drops. ping itself waits for no late one. */
interface Counts {
  readonly sent: number;
  readonly unanswered: number;
  /** Lines of /proc/net/xfrm_stat, all of which are errors. */
  readonly dropped: string;
}

async function countsOn(host: string): Promise<Counts> {
  const told = await scenario.sh(host, 'cat /proc/net/snmp; echo; cat /proc/net/xfrm_stat');
  const [, names = '', values = ''] = /^IcmpMsg: (.*)\nIcmpMsg: (.*)$/m.exec(told) ?? [];
  const count = (name: string) => Number(values.split(' ')[names.split(' ').indexOf(name)] ?? 0);
  return { sent: count('OutType8'), unanswered: count('OutType8') - count('InType0'), dropped: told.slice(told.indexOf('\n\n')) };
}

/** How many requests went out meanwhile; each one has to be answered, and IPsec may drop none. */
async function expectNoLoss(work: () => Promise<unknown>): Promise<number> {
  const endFlood = () => Promise.all(ROUTERS.map((host) => scenario.sh(host, END_FLOOD)));
  onTestFinished(async () => void (await endFlood()));
  const all = () => Promise.all(ROUTERS.map(countsOn));
  const losses = async () => (await all()).map(({ unanswered, dropped }) => ({ unanswered, dropped }));
  const [started, lost] = [await all(), await losses()];
  await scenario.sh('router-a', `peer=10.10.10.1\n${FLOOD}`);
  await scenario.sh('router-b', `peer=10.10.10.2\n${FLOOD}`);
  await work();
  await endFlood();
  await expect.poll(losses, { timeout: 30_000, interval: 500 }).toEqual(lost);
  return (await all()).reduce((sum, { sent }, index) => sum + sent - (started[index]?.sent ?? 0), 0);
}

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

  it('comes up with not one packet in clear text on the wire', async () => {
    const shows = [/30\.1\.1\.2 > 30\.1\.1\.1: ESP\(spi=/, /30\.1\.1\.1 > 30\.1\.1\.2: ESP\(spi=/];
    const filter = 'ip proto 47 or ip proto 50 or ip proto 4';
    await captureDuring(scenario, { host: 'router-b', device: 'eth1', filter, shows }, async () => {
      const up = await run('up');
      expectAll(up, 'changed');
      expect(eventsOf(up, 'full-size-probe').map(({ passed, mtuBytes }) => ({ passed, mtuBytes }))).toEqual([
        { passed: true, mtuBytes: 1438 },
        { passed: true, mtuBytes: 1438 },
      ]);
      await ping(scenario, 'pc1', '10.2.1.2');
    });
    const packets = await scenario.sh('router-b', 'cat /run/capture');
    expect(packets).toContain('proto ESP (50)');
    expect(packets).not.toMatch(/GRE|ICMP/);
  });

  it('carries multicast', async () => {
    const shows = [/10\.10\.10\.2 > 224\.0\.0\.1: ICMP echo request/];
    await captureDuring(scenario, { host: 'router-b', device: 'gre1', filter: 'dst 224.0.0.1', shows }, () =>
      scenario.sh('router-a', 'ping -n -c 2 -i 0.2 -W 1 -I gre1 224.0.0.1; :'),
    );
  });

  it('has 0 changes the second time, and is healthy', async () => {
    const again = await run('up');
    expectAll(again, 'ok');
    expect(plannedChanges(again)).toEqual([]);
    expectAll(await run('verify'), 'ok');
  });

  it('does not take clear text that the peer sends, and gets the policy that is missing there back', async () => {
    const keys = await keysOn('router-a');
    await scenario.sh('router-a', 'ip xfrm policy delete src 30.1.1.2/32 dst 30.1.1.1/32 proto 47 dir out');
    const mismatches = async () => Number(/XfrmInTmplMismatch\s+(\d+)/.exec(await scenario.sh('router-b', 'cat /proc/net/xfrm_stat'))?.[1]);
    const counted = await mismatches();
    expect(await scenario.sh('router-a', 'ping -n -c 3 -i 0.2 -W 1 10.10.10.1; :')).toContain(' 0 received');
    expect((await mismatches()) - counted).toBe(3);
    const up = await run('up');
    expectAll(up, 'changed');
    expect(plannedChanges(up)).toEqual(['router-a: add policy out 30.1.1.2/32 to 30.1.1.1/32 proto 47']);
    expect(await keysOn('router-a')).toEqual(keys);
  });

  it('gets new keys at both ends where one has lost its own', async () => {
    const keys = await keysOn('router-a');
    await scenario.sh('router-b', 'ip xfrm state flush');
    expectAll(await run('up'), 'changed');
    const renewed = await keysOn('router-b');
    expect(renewed).toHaveLength(2);
    expect(await keysOn('router-a')).toEqual(renewed);
    expect(renewed.filter((key) => keys.includes(key))).toEqual([]);
  });
});

describe('rekey', () => {
  it('loses no packet, and tells nobody a key', async () => {
    const old = await keysOn('router-a');
    let ended: Ended | undefined;
    const sent = await expectNoLoss(async () => {
      ended = await tunorchText(['rekey', scenario.inventory, ...PATIENCE, '-v', '-v', '-v']);
      expect(ended.status, `${ended.stdout}${ended.stderr}`).toBe(0);
    });
    expect(sent).toBeGreaterThan(40);
    const keys = await keysOn('router-a');
    expect(keys).toHaveLength(2);
    expect(await keysOn('router-b')).toEqual(keys);
    expect(keys.filter((key) => old.includes(key))).toEqual([]);
    if (ended !== undefined) expectSilent(ended, [...old, ...keys]);
    const search = `grep -rlaF -f - /run /tmp /var/log /var/tmp /root /etc <<'EOF'\n${[...old, ...keys].join('\n')}\nEOF\n:`;
    for (const host of ROUTERS) expect(await scenario.sh(host, search)).toBe('');
  });

  it('goes on with the old keys when the switch is refused on one host', async () => {
    const [keys, with_] = [await keysOn('router-a'), await scenario.look()];
    await refuseLine(scenario, 'router-b', 2);
    const rekey = await run('rekey');
    expect(onlyTunnel(rekey)).toMatchObject({ outcome: 'rolled-back', isProved: true });
    await expectUnchanged(scenario.lab, with_);
    expect(await keysOn('router-a')).toEqual(keys);
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

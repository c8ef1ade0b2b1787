import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { captureDuring, ping } from './scenario-capture.ts';
import { keysOn, PATIENCE, ROUTERS } from './scenario-ipsec.ts';
import { type Ended, eventsOf, expectAll, plannedChanges, tunorch, tunorchText } from './scenario-program.ts';
import { expectUnchanged, type Snapshot } from './scenario-snapshot.ts';
import { type Scenario, stageExample } from './scenario-stage.ts';

let scenario: Scenario;
let before: ReadonlyMap<string, Snapshot>;

const run = (command: string) => tunorch([command, scenario.inventory, ...(command === 'verify' ? PATIENCE.slice(0, 2) : PATIENCE)]);

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

  it('has 0 changes the second time, and is healthy', async () => {
    const again = await run('up');
    expectAll(again, 'ok');
    expect(plannedChanges(again)).toEqual([]);
    expectAll(await run('verify'), 'ok');
  });

  it('does not take clear text that the peer sends, and gets the policy that is missing there back', async () => {
    const keys = await keysOn(scenario, 'router-a');
    await scenario.sh('router-a', 'ip xfrm policy delete src 30.1.1.2/32 dst 30.1.1.1/32 proto 47 dir out');
    const mismatches = async () => Number(/XfrmInTmplMismatch\s+(\d+)/.exec(await scenario.sh('router-b', 'cat /proc/net/xfrm_stat'))?.[1]);
    const counted = await mismatches();
    expect(await scenario.sh('router-a', 'ping -n -c 3 -i 0.2 -W 1 10.10.10.1; :')).toContain(' 0 received');
    expect((await mismatches()) - counted).toBe(3);
    const up = await run('up');
    expectAll(up, 'changed');
    expect(plannedChanges(up)).toEqual(['router-a: add policy out 30.1.1.2/32 to 30.1.1.1/32 proto 47']);
    expect(await keysOn(scenario, 'router-a')).toEqual(keys);
  });
});

describe('rekey', () => {
  it('loses no packet, and tells nobody a key', async () => {
    const old = await keysOn(scenario, 'router-a');
    let ended: Ended | undefined;
    const sent = await expectNoLoss(async () => {
      ended = await tunorchText(['rekey', scenario.inventory, ...PATIENCE, '-v', '-v', '-v']);
      expect(ended.status, `${ended.stdout}${ended.stderr}`).toBe(0);
    });
    expect(sent).toBeGreaterThan(40);
    const keys = await keysOn(scenario, 'router-a');
    expect(keys).toHaveLength(2);
    expect(await keysOn(scenario, 'router-b')).toEqual(keys);
    expect(keys.filter((key) => old.includes(key))).toEqual([]);
    if (ended !== undefined) expectSilent(ended, [...old, ...keys]);
    const search = `grep -rlaF -f - /run /tmp /var/log /var/tmp /root /etc <<'EOF'\n${[...old, ...keys].join('\n')}\nEOF\n:`;
    for (const host of ROUTERS) expect(await scenario.sh(host, search)).toBe('');
  });

  it('leaves nothing after down', async () => {
    expectAll(await run('down'), 'changed');
    await expectUnchanged(scenario.lab, before);
  });
});

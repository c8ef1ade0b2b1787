import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { eventsOf, onlyTunnel, type ProgramRun, problemsOn, tunorch, tunorchText } from './scenario-program.ts';
import { expectUnchanged, type Snapshot } from './scenario-snapshot.ts';
import { type Scenario, stageExample } from './scenario-stage.ts';

let scenario: Scenario;
let before: ReadonlyMap<string, Snapshot>;

/** Makes something wrong on a host until the test has finished, and remembers how both hosts are with it. */
async function spoil(host: string, { wrong, right }: { readonly wrong: string; readonly right: string }): Promise<void> {
  onTestFinished(async () => void (await scenario.sh(host, right)));
  await scenario.sh(host, wrong);
  before = await scenario.look();
}

/** Found before anything was changed: no step was tried on either host. */
function expectRefused(run: ProgramRun, code: string): void {
  expect(run.status, run.stderr).toBe(1);
  expect(onlyTunnel(run)).toMatchObject({ outcome: 'failed', changes: 0, problems: [{ code, host: 'host-b' }] });
  expect(eventsOf(run, 'step')).toEqual([]);
  expect(eventsOf(run, 'host-phase').map(({ phase }) => phase)).not.toContain('prepare');
}

function expectRolledBack(run: ProgramRun): void {
  expect(run.status, run.stderr).toBe(1);
  expect(onlyTunnel(run)).toMatchObject({ outcome: 'rolled-back', isProved: true });
  expect(eventsOf(run, 'step').filter(({ state }) => state === 'failed')).toEqual([]);
}

const dropGre = (hook: string) => ({
  wrong: `nft -f - <<'EOF'
add table inet wrong
add chain inet wrong gate { type filter hook ${hook} priority 0; policy accept; }
add rule inet wrong gate meta l4proto 47 drop
EOF`,
  right: 'nft delete table inet wrong',
});

describe('something in the way on one host', () => {
  beforeAll(async () => {
    scenario = await stageExample('two-hosts');
  });

  it('names the link that has the inner address already', async () => {
    await spoil('host-b', { wrong: 'ip address add 3.3.3.3/32 dev lo', right: 'ip address delete 3.3.3.3/32 dev lo' });
    const run = await tunorch(['up', scenario.inventory]);
    expectRefused(run, 'plan.address-in-use');
    expect(onlyTunnel(run).problems[0]?.message).toContain('3.3.3.3/32, which lo has');
    await expectUnchanged(scenario.lab, before);
  });

  it('leaves a device of that name alone when it is not its own', async () => {
    const wrong = 'ip link add name gre1 type gre local 1.1.1.2 remote 9.9.9.9 && ip address add 7.7.7.7/32 dev gre1 && ip link set dev gre1 up';
    await spoil('host-b', { wrong, right: 'ip link delete dev gre1' });
    const run = await tunorch(['up', scenario.inventory]);
    expectRefused(run, 'plan.foreign-device');
    expect(onlyTunnel(run).problems[0]?.message).toContain('gre1 exists');
    const down = await tunorch(['down', scenario.inventory]);
    expectRefused(down, 'plan.foreign-device');
    await expectUnchanged(scenario.lab, before);
  });

  it('names the device that is this very tunnel to the kernel', async () => {
    await spoil('host-b', { wrong: 'ip link add name other type gre local 1.1.1.2 remote 1.1.1.1', right: 'ip link delete dev other' });
    const run = await tunorch(['up', scenario.inventory]);
    expectRefused(run, 'plan.identity-in-use');
    expect(onlyTunnel(run).problems[0]?.message).toContain('other is already the gre tunnel from 1.1.1.2 to 1.1.1.1');
    await expectUnchanged(scenario.lab, before);
  });

  it('rolls both hosts back when one drops what the tunnel sends', async () => {
    await spoil('host-b', dropGre('input'));
    const run = await tunorch(['up', scenario.inventory]);
    expectRolledBack(run);
    expect(problemsOn(onlyTunnel(run), 'host-a')).toMatchObject([{ code: 'verify.no-reply', words: expect.stringContaining('0 received') }]);
    expect(eventsOf(run, 'probe').every(({ probe }) => probe.received === 0)).toBe(true);
    await expectUnchanged(scenario.lab, before);
  });

  it('says so to people with what ping said', async () => {
    await spoil('host-b', dropGre('output'));
    const { status, stdout } = await tunorchText(['up', scenario.inventory]);
    expect(status).toBe(1);
    expect(stdout).toMatch(/✗ gre1: host-a: verify\.no-reply: host-b does not answer through gre1/);
    expect(stdout).toMatch(/said .*3\.3\.3\.3/);
    expect(stdout).toContain('proved equal to the snapshot');
    await expectUnchanged(scenario.lab, before);
  });

  it('leaves all as it is with --no-rollback, and the commands it prints bring both hosts back', async () => {
    await spoil('host-b', dropGre('input'));
    const run = await tunorch(['up', scenario.inventory, '--no-rollback']);
    expect(run.status, run.stderr).toBe(5);
    expect(onlyTunnel(run)).toMatchObject({ outcome: 'rollback-incomplete', isProved: false });
    expect(problemsOn(onlyTunnel(run), 'host-b').map(({ code }) => code)).toContain('rollback.not-wanted');
    for (const host of ['host-a', 'host-b']) expect(await scenario.sh(host, 'ls /sys/class/net')).toMatch(/^gre1$/m);
    for (const { host, commands } of onlyTunnel(run).leftToType ?? []) await scenario.sh(host, commands.join('\n'));
    await expectUnchanged(scenario.lab, before);
  });
});

describe('something in the way between the hosts', () => {
  beforeAll(async () => {
    scenario = await stageExample('routed-gre');
  });

  it('rolls both hosts back when the router drops what the tunnel sends', async () => {
    await spoil('router', dropGre('forward'));
    const run = await tunorch(['up', scenario.inventory]);
    expectRolledBack(run);
    expect(onlyTunnel(run).problems).toMatchObject(['host-a', 'host-b'].map((host) => ({ code: 'verify.no-reply', host })));
    await expectUnchanged(scenario.lab, before);
  });

  it('rolls both hosts back when the path carries less than the mtu says', async () => {
    const fitting = 'ip link set dev eth2 mtu 1500; ip route flush cache';
    await spoil('router', { wrong: 'ip link set dev eth2 mtu 1400', right: fitting });
    const inventory = await scenario.write((draft) => {
      draft.tunnels['paris-lyon'].mtu = 1476;
    });
    const run = await tunorch(['up', inventory]);
    expectRolledBack(run);
    expect(onlyTunnel(run).problems).toMatchObject([{ code: 'verify.full-size-lost', host: 'host-a' }]);
    expect(onlyTunnel(run).problems[0]?.message).toContain('none of 1476 bytes, the MTU of tun1');
    expect(eventsOf(run, 'full-size-probe').find(({ from }) => from === 'host-a')).toMatchObject({ mtuBytes: 1476, passed: false });
    expect(eventsOf(run, 'probe').every(({ probe }) => probe.received > 0)).toBe(true);
    await expectUnchanged(scenario.lab, before);
  });
});

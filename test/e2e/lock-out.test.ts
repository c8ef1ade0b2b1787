import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { expectAll, onlyTunnel, tunorch } from './scenario-program.ts';
import { expectUnchanged, type Snapshot } from './scenario-snapshot.ts';
import { type Draft, OPS_ENVIRONMENT, type Scenario, stageExample } from './scenario-stage.ts';

let scenario: Scenario;
let before: ReadonlyMap<string, Snapshot>;
/** As router-a itself sees who is logged in: the controller is behind the NAT of QEMU's network. */
let client: string;

beforeAll(async () => {
  scenario = await stageExample('site-to-site');
  before = await scenario.look();
  client = (await scenario.sh('router-a', 'echo "${SSH_CONNECTION%% *}"')).trim();
});

/** Fields of router-a's end, or of its peer's, whose networks become routes on router-a. */
interface Bend {
  readonly mine?: () => Draft;
  readonly peers?: () => Draft;
}

function inventoryWith({ mine = () => ({}), peers = () => ({}) }: Bend): Promise<string> {
  return scenario.write(({ tunnels: { gre1 } }) => {
    Object.assign(gre1.endpoints['router-a'], mine());
    Object.assign(gre1.endpoints['router-b'], peers());
  });
}

const up = async (bend: Bend) => tunorch(['up', await inventoryWith(bend)], { env: OPS_ENVIRONMENT });

describe('an inventory that would cut its own host off is wrong before anybody connects', () => {
  it.each<[string, Bend]>([
    ['a default route into the tunnel', { peers: () => ({ networks: ['0.0.0.0/0'] }) }],
    ['the same in two halves', { peers: () => ({ networks: ['0.0.0.0/1', '128.0.0.0/1'] }) }],
    ['a route that covers the peer’s outer address', { peers: () => ({ networks: ['30.1.0.0/16'] }) }],
    [
      'an inner network that covers the peer’s outer address',
      { mine: () => ({ address: '30.1.1.66/25' }), peers: () => ({ address: '30.1.1.67/25' }) },
    ],
  ])('by %s', async (_, bend) => {
    const { status, stderr } = await up(bend);
    expect(status, stderr).toBe(3);
    expect(stderr).toMatch(/inventory\.(route-carries|inner-|address-)/);
    await expectUnchanged(scenario.lab, before);
  });
});

describe('what only the host knows is refused in the plan', () => {
  it.each<[string, Bend, RegExp]>([
    ['a route that covers the client as the host sees it', { mine: () => ({ routes: [{ to: `${client}/32` }] }) }, /the SSH connection from/],
    ['an inner address of the peer that is the client’s', { peers: () => ({ address: client }) }, /the SSH connection from/],
    [
      'a default route in a table that a rule asks first',
      { mine: () => ({ table: 100, routes: [{ to: '0.0.0.0/0', table: 100 }] }) },
      /in table 100, which a rule of the host asks before the main one, would carry the SSH connection/,
    ],
  ])('%s', async (_, bend, words) => {
    await scenario.sh('router-a', 'ip rule add priority 50 lookup 100');
    onTestFinished(async () => void (await scenario.sh('router-a', 'ip rule delete priority 50')));
    const run = await up(bend);
    expect(run.status, run.stdout + run.stderr).toBe(1);
    const { outcome, changes, problems } = onlyTunnel(run);
    expect({ outcome, changes }).toEqual({ outcome: 'failed', changes: 0 });
    expect(problems.filter(({ host }) => host === 'router-a').map(({ message }) => message)).toContainEqual(expect.stringMatching(words));
    await scenario.sh('router-a', '! ip link show dev gre1 2>/dev/null && [ ! -e /run/tunorch ]');
  });
});

describe('what does not cut anybody off is not refused', () => {
  it('a default route in a table that no rule asks for the host itself', async () => {
    await scenario.sh('router-a', 'ip rule add priority 50 from 10.2.1.0/24 lookup 100');
    onTestFinished(async () => void (await scenario.sh('router-a', 'ip rule delete priority 50')));
    const ruled = await scenario.look();
    const bend = { mine: () => ({ routes: [{ to: '0.0.0.0/0', table: 100 }] }) };
    expectAll(await up(bend), 'changed');
    expectAll(await tunorch(['down', await inventoryWith(bend)], { env: OPS_ENVIRONMENT }), 'changed');
    await expectUnchanged(scenario.lab, ruled);
  });
});

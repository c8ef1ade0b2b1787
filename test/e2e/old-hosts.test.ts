import { beforeAll, describe, expect, it } from 'vitest';
import { ping } from './scenario-capture.ts';
import { expectAll, onlyTunnel, plannedChanges, tunorch } from './scenario-program.ts';
import { refuseLine } from './scenario-refusals.ts';
import { expectUnchanged, type Snapshot } from './scenario-snapshot.ts';
import { type Draft, OPS_ENVIRONMENT, type Scenario, stageExample } from './scenario-stage.ts';

/** An `ip` that is older than 4.14 in the one way that matters. Only the program under test finds it in its PATH. */
const WITHOUT_JSON = `cat >/usr/local/bin/ip <<'SCRIPT'
#!/bin/sh
for word; do [ "$word" != -j ] || { echo 'Option "-j" is unknown, try "ip -help".' >&2; exit 255; }; done
exec /usr/sbin/ip "$@"
SCRIPT
chmod 755 /usr/local/bin/ip; PATH=/usr/local/bin:$PATH; ! ip -j link show dev lo 2>/dev/null`;

let scenario: Scenario;
let before: ReadonlyMap<string, Snapshot>;

const run = (command: string, inventory: string) => tunorch([command, inventory], { env: OPS_ENVIRONMENT });

describe('a host whose iproute2 has no JSON', () => {
  beforeAll(async () => {
    scenario = await stageExample('site-to-site');
    before = await scenario.look();
    await scenario.sh('router-b', WITHOUT_JSON);
    return async () => void (await scenario.sh('router-b', 'rm -f /usr/local/bin/ip'));
  });

  it('gets the tunnel, has nothing left to change, and is healthy', async () => {
    expectAll(await run('up', scenario.inventory), 'changed');
    const again = await run('up', scenario.inventory);
    expectAll(again, 'ok');
    expect(plannedChanges(again)).toEqual([]);
    expectAll(await run('verify', scenario.inventory), 'ok');
    await ping(scenario, 'pc1', '10.2.1.2');
  });

  it('is repaired in place by exactly what differs', async () => {
    await scenario.sh('router-b', '/usr/sbin/ip link change dev gre1 type gre key 8; /usr/sbin/ip route delete 10.2.1.0/24');
    const up = await run('up', scenario.inventory);
    expectAll(up, 'changed');
    expect(plannedChanges(up)).toEqual(['router-b: add route 10.2.1.0/24 dev gre1', 'router-b: change link gre1 (ikey, okey)']);
  });

  it('is proved to be as it was after a rollback', async () => {
    const made = await scenario.look();
    const inventory = await scenario.write(({ tunnels: { gre1 } }: Draft) => Object.assign(gre1, { mode: 'ipip', key: undefined }));
    await refuseLine(scenario, 'router-a', 2);
    const up = await run('up', inventory);
    expect(onlyTunnel(up)).toMatchObject({ outcome: 'rolled-back', isProved: true });
    await expectUnchanged(scenario.lab, made);
  });

  it('loses it again without a trace', async () => {
    expectAll(await run('down', scenario.inventory), 'changed');
    await expectUnchanged(scenario.lab, before);
  });
});

import { beforeAll, describe, expect, it } from 'vitest';
import { ping } from '../e2e/scenario-capture.ts';
import { expectAll, plannedChanges, tunorch } from '../e2e/scenario-program.ts';
import { expectUnchanged, type Snapshot } from '../e2e/scenario-snapshot.ts';
import { OPS_ENVIRONMENT, type Scenario, stageExample } from '../e2e/scenario-stage.ts';

const FILTER = (device: string) => `/proc/sys/net/ipv4/conf/${device}/rp_filter`;
const WITHOUT_FIRST_WAY = 'ip route delete 10.1.1.0/24 dev gre1';
const CROSSES = 'ping -n -c 2 -i 0.2 -W 2 10.1.1.2 >/dev/null && echo yes || echo no';

let scenario: Scenario;
let before: ReadonlyMap<string, Snapshot>;

const run = (command: string) => tunorch([command, scenario.inventory], { env: { ...OPS_ENVIRONMENT, TUNORCH_TIMEOUT: '60' } });

describe('a second way between the same networks, where a host filters by reverse path strictly', () => {
  beforeAll(async () => {
    scenario = await stageExample('backup');
    await scenario.sh('router-b', `echo 1 >${FILTER('all')}`);
    before = await scenario.look();
  });

  it('is set loose on its own device, and nowhere else', async () => {
    expectAll(await run('up'), 'changed');
    const filters = await scenario.sh('router-b', `cat ${['all', 'eth1', 'gre1', 'gre2'].map(FILTER).join(' ')}`);
    expect(filters).toBe('1\n0\n0\n2\n');
    expect(await scenario.sh('router-a', `cat ${['all', 'gre2'].map(FILTER).join(' ')}`)).toBe('0\n0\n');
    expect(plannedChanges(await run('up'))).toEqual([]);
  });

  it('carries packets one way while the other end answers by the first, which a strict filter would have dropped', async () => {
    await ping(scenario, 'pc2', '10.1.1.2');
    await scenario.sh('router-a', WITHOUT_FIRST_WAY);
    expect(await scenario.sh('pc2', CROSSES)).toBe('yes\n');
    await scenario.sh('router-b', `echo 0 >${FILTER('gre2')}`);
    expect(await scenario.sh('pc2', CROSSES)).toBe('no\n');
    const repaired = await run('up');
    expectAll(repaired, 'changed');
    expect(plannedChanges(repaired)).toEqual([
      'router-a: add route 10.1.1.0/24 dev gre1',
      'router-b: change sysctl net.ipv4.conf.gre2.rp_filter (value)',
    ]);
  });

  it('is gone after down, and both hosts are what they were', async () => {
    expectAll(await run('down'), 'changed');
    await expectUnchanged(scenario.lab, before);
  });
});

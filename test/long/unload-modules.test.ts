import { beforeAll, expect, it } from 'vitest';
import { eventsOf, tunorch } from '../e2e/scenario-program.ts';
import { type Scenario, stageExample } from '../e2e/scenario-stage.ts';

let scenario: Scenario;

beforeAll(async () => {
  scenario = await stageExample('two-hosts');
});

async function down(): Promise<readonly string[]> {
  const run = await tunorch(['down', '-y', '--unload-modules', scenario.inventory]);
  expect(run.status, run.stdout + run.stderr).toBe(0);
  const warnings = eventsOf(run, 'host-warning').map(({ host, message }) => `${host}: ${message}`);
  return [...warnings, ...eventsOf(run, 'module-unloaded').map(({ host, module }) => `${host}: ${module} unloaded`)].toSorted();
}

const isLoaded = async (host: string) => (await scenario.sh(host, 'test -d /sys/module/ip_gre && echo yes || echo no')).trim();

it('keeps a module that a tunnel in another namespace needs, unloads it elsewhere, and there as soon as that is gone', async () => {
  expect((await tunorch(['up', scenario.inventory])).status).toBe(0);
  await scenario.sh('host-b', 'ip netns add other && ip -n other link add gretap7 type gretap local 10.0.0.1 remote 10.0.0.2');
  expect(await down()).toEqual(['host-a: ip_gre unloaded', 'host-b: module ip_gre stays loaded: it is used by gretap7 in /run/netns/other']);
  expect([await isLoaded('host-a'), await isLoaded('host-b')]).toEqual(['no', 'yes']);
  expect(await scenario.sh('host-b', 'ip -n other -o link show gretap7 | cut -d: -f2')).toContain('gretap7');
  await scenario.sh('host-b', 'ip netns del other; until ! ip netns | grep -q other; do sleep 1; done');
  expect(await down()).toEqual(['host-b: ip_gre unloaded']);
  expect(await scenario.sh('host-b', 'ls /run/tunorch 2>/dev/null; test -d /sys/module/ip_gre || echo gone')).toBe('gone\n');
});

it('makes the tunnel again from nothing', async () => {
  const run = await tunorch(['up', scenario.inventory]);
  expect(run.status, run.stdout + run.stderr).toBe(0);
});

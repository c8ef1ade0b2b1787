import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Tunnel } from '../../../../src/domain/tunnel.ts';
import { type RepairResult, repairTunnels } from '../../../../src/run/watch/repair.ts';
import { aRequest } from '../../../support/builders-run.ts';
import { sites, twoRouters } from '../../../support/builders-sites.ts';
import type { Stage } from '../../../support/fake-host-stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = twoRouters();
  await stage.run({ tunnels: [sites()] });
});
afterEach(() => stage.close());

async function repaired(tunnels: readonly Tunnel[] = [sites()]): Promise<readonly RepairResult[]> {
  let runs = 0;
  const { world } = stage.world();
  return repairTunnels(tunnels, aRequest({ command: 'watch', tunnels }), { ...world, rest: world.sleep, newRunId: () => `repair-${++runs}` });
}

describe('the repair of a tunnel', () => {
  it('brings back an end that was deleted, in one transaction on both ends, and says what it did', async () => {
    stage.host('router-b').type('link delete dev gre1');
    expect(await repaired()).toMatchObject([
      {
        tunnel: 'gre1',
        outcome: 'repaired',
        words: expect.stringMatching(/^device-missing on router-b \(proved\): there is no gre1; done: router-b: .*link gre1/),
      },
    ]);
    expect((await stage.run({ tunnels: [sites()], command: 'verify' })).recap.exitCode).toBe(0);
    expect(stage.littered).toEqual([]);
  });

  it('brings back an end that is down, and a key that was changed', async () => {
    stage.host('router-a').type('link set dev gre1 down');
    expect(await repaired()).toMatchObject([{ outcome: 'repaired' }]);
    stage.host('router-a').type('link change dev gre1 type gre ikey 7 okey 7');
    expect(await repaired()).toMatchObject([
      { outcome: 'repaired', diagnosis: { findings: expect.arrayContaining([expect.objectContaining({ cause: 'key-mismatch' })]) } },
    ]);
  });

  it('changes nothing where packets are lost on the way, and says what doctor found', async () => {
    stage.network.dropped.add('gre');
    const before = stage.snapshots();
    const [result] = await repaired();
    expect(result).toMatchObject({ outcome: 'left', diagnosis: { isHealthy: false } });
    expect(stage.snapshots()).toEqual(before);
  });

  it('takes over no device that somebody else made in its place', async () => {
    stage.host('router-b').type('link delete dev gre1');
    stage.host('router-b').type('link add name gre1 type gre local 30.1.1.2 remote 30.1.1.1 ikey 9 okey 9');
    const before = stage.snapshots();
    const [result] = await repaired();
    expect(result?.outcome).toBe('left');
    expect(result?.words).toContain('--adopt');
    expect(stage.snapshots()).toEqual(before);
  });
});

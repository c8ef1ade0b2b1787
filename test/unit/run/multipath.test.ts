import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { shareRoutes } from '../../../src/domain/share-routes.ts';
import type { Tunnel } from '../../../src/domain/tunnel.ts';
import { aTunnel, behind } from '../../support/builders.ts';
import { twoRouters } from '../../support/builders-sites.ts';
import type { Stage, StagedRun } from '../../support/fake-host-stage.ts';

let stage: Stage;
beforeEach(() => {
  stage = twoRouters();
});
afterEach(() => stage.close());

/** Two tunnels that lead to the same networks, the first with three times the weight. */
function channels(first: Partial<Tunnel> = {}, second: Partial<Tunnel> = {}): readonly Tunnel[] {
  const channel = (number: number, weight: number, fields: Partial<Tunnel>) =>
    aTunnel({ name: `gre${number}`, mtuBytes: 1472, ...fields }, [
      { ...behind('10.1.1.0/24'), ikey: number, weight, addresses: [`10.10.${number}.1 peer 10.10.${number}.2`] },
      { ...behind('10.2.1.0/24'), ikey: number, weight, addresses: [`10.10.${number}.2 peer 10.10.${number}.1`] },
    ]);
  return shareRoutes([channel(1, 3, first), channel(2, 1, second)]);
}

/** Devices and weights of the route to the other site. */
function ways(host: string): readonly string[] {
  const to = host === 'router-a' ? '10.2.1.0/24' : '10.1.1.0/24';
  const routes = stage.kernel(host).state.routes.filter((route) => route.to === to);
  return routes.map(({ device, weight, isDead }) => [device, weight, isDead].filter((word) => word !== undefined).join(' ')).toSorted();
}

function outcomes({ recap }: StagedRun): readonly string[] {
  return recap.tunnels.map(({ tunnel, outcome, changes }) => `${tunnel} ${outcome} ${changes === 0 ? 0 : 'some'}`);
}

const BOTH = ['gre1 3', 'gre2 1'];

describe('two tunnels between the same hosts that lead to the same networks', () => {
  it('become one route over both, and a second run finds nothing to do', async () => {
    expect(outcomes(await stage.run({ tunnels: channels() }))).toEqual(['gre1 changed some', 'gre2 changed some']);
    expect(['router-a', 'router-b'].map(ways)).toEqual([BOTH, BOTH]);
    expect(outcomes(await stage.run({ tunnels: channels() }))).toEqual(['gre1 ok 0', 'gre2 ok 0']);
  });

  it('come one after the other: the second joins the route of the first', async () => {
    await stage.run({ tunnels: channels().slice(0, 1) });
    expect(ways('router-a')).toEqual(['gre1']);
    expect(outcomes(await stage.run({ tunnels: channels() }))).toEqual(['gre1 ok 0', 'gre2 changed some']);
    expect(ways('router-a')).toEqual(BOTH);
  });

  it('lose only their own nexthop: one that carries nothing is rolled back, and the other holds', async () => {
    for (const host of ['router-a', 'router-b']) stage.kernel(host).writeSysctl('net/ipv4/ip_forward', '1');
    stage.kernel('router-b').refuse({ after: 4 });
    const made = await stage.run({ tunnels: channels() });
    expect(made.recap.tunnels.map(({ outcome }) => outcome).toSorted()).toEqual(['changed', 'rolled-back']);
    const [held] = made.recap.tunnels.filter(({ outcome }) => outcome === 'changed').map(({ tunnel }) => tunnel);
    expect([ways('router-a'), ways('router-b')]).toEqual([[held], [held]]);
  });

  it('are repaired nexthop by nexthop', async () => {
    await stage.run({ tunnels: channels() });
    stage.kernel('router-a').ip('route replace 10.2.1.0/24 dev gre1 table 254 metric 0 proto 205'.split(' '));
    stage.kernel('router-b').ip('link delete dev gre2'.split(' '));
    await stage.run({ tunnels: channels() });
    expect(['router-a', 'router-b'].map(ways)).toEqual([BOTH, BOTH]);
  });

  it('leave the route one by one, and both kernels are what they were', async () => {
    const before = stage.snapshots();
    await stage.run({ tunnels: channels() });
    expect(outcomes(await stage.run({ tunnels: channels({ state: 'absent' }) }))).toEqual(['gre1 changed some', 'gre2 ok 0']);
    expect(['router-a', 'router-b'].map(ways)).toEqual([['gre2'], ['gre2']]);
    await stage.run({ tunnels: channels({ state: 'absent' }, { state: 'absent' }) });
    expect(stage.snapshots()).toEqual(before);
  });

  it('is brought back with all its weights when a change of one is rolled back', async () => {
    await stage.run({ tunnels: channels() });
    const before = stage.snapshots();
    stage.network.dropped.add('ipip');
    const changed = await stage.run({ tunnels: channels({ mode: 'ipip' }) });
    expect(outcomes(changed)).toEqual(['gre1 rolled-back some', 'gre2 ok 0']);
    expect(stage.snapshots()).toEqual(before);
  });
});

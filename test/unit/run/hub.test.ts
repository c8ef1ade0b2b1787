import { afterEach, describe, expect, it } from 'vitest';
import { readInventory } from '../../../src/inventory/read-inventory.ts';
import { aKernel } from '../../support/builders-kernel.ts';
import { Stage } from '../../support/fake-host-stage.ts';

const SPOKES = 6;

let stage: Stage | undefined;
afterEach(() => stage?.close());

describe('a hub', () => {
  it('has one connection, and one script a phase, however many spokes there are', async () => {
    const names = ['hub', ...Array.from({ length: SPOKES }, (_unused, index) => `s${index + 1}`)];
    const hosts = names.map((name, index) => `${name}: { ansible_host: 30.1.1.${index + 1} }`).join(', ');
    const text = `all: { hosts: { ${hosts} } }
meshes: { star: { hosts: all, topology: hub-and-spoke, hubs: hub, pool: 10.99.0.0/24, tunnel: { mode: gre } } }`;
    const { desired } = readInventory([{ path: 'inventory.yaml', text }]);
    const tunnels = desired?.tunnels ?? [];
    stage = new Stage(Object.fromEntries(names.map((name, index) => [name, aKernel({ links: [`eth0 30.1.1.${index + 1}/24`] })])));
    const addresses = new Map(names.map((name, index) => [name, [`30.1.1.${index + 1}`]]));
    const { recap, scripts } = await stage.run({ tunnels, addresses });
    expect(recap.tunnels.map(({ outcome }) => outcome)).toEqual(tunnels.map(() => 'changed'));
    expect(scripts.filter(({ host }) => host === 'hub').map(({ sort }) => sort)).toEqual([
      'gather',
      'measure',
      'prepare',
      'apply',
      'verify',
      'settle',
      'finish',
    ]);
    expect(scripts.filter(({ host, sort }) => host === 'hub' && sort === 'apply')[0]?.text.match(/ip link add|link add name star-s/g)).toHaveLength(
      SPOKES,
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Tunnel } from '../../../src/domain/tunnel.ts';
import { hostsOf } from '../../../src/run/groups.ts';
import { tunnelsOfShard } from '../../../src/run/shard.ts';
import { aTunnel } from '../../support/builders.ts';

const between = (name: string, first: number, second: number): Tunnel => aTunnel({ name }, [{ host: `host-${first}` }, { host: `host-${second}` }]);

const inventories = fc
  .array(fc.tuple(fc.nat(30), fc.nat(30)), { maxLength: 40 })
  .map((pairs) => pairs.map(([first, second], index) => between(`t${index}`, first, first === second ? 31 : second)));
const counts = fc.integer({ min: 1, max: 6 });

function shards(tunnels: readonly Tunnel[], count: number): readonly (readonly Tunnel[])[] {
  return Array.from({ length: count }, (_unused, index) => tunnelsOfShard(tunnels, { index: index + 1, count }));
}

describe('shards', () => {
  it('have every tunnel once', () => {
    fc.assert(
      fc.property(inventories, counts, (tunnels, count) => {
        const names = shards(tunnels, count).flatMap((part) => part.map(({ name }) => name));
        expect(names.toSorted()).toEqual(tunnels.map(({ name }) => name).toSorted());
      }),
    );
  });

  it('have no host in common', () => {
    fc.assert(
      fc.property(inventories, counts, (tunnels, count) => {
        const hosts = shards(tunnels, count).flatMap(hostsOf);
        expect(new Set(hosts).size).toBe(hosts.length);
      }),
    );
  });

  it('are the same whichever the order of the tunnels', () => {
    fc.assert(
      fc.property(inventories, counts, (tunnels, count) => {
        const names = (parts: readonly (readonly Tunnel[])[]) => parts.map((part) => part.map(({ name }) => name).toSorted());
        expect(names(shards(tunnels.toReversed(), count))).toEqual(names(shards(tunnels, count)));
      }),
    );
  });

  it('are of one size where tunnels have nothing to do with each other', () => {
    const pairs = Array.from({ length: 12 }, (_unused, index) => between(`t${index}`, 2 * index, 2 * index + 1));
    expect(shards(pairs, 4).map((part) => part.length)).toEqual([3, 3, 3, 3]);
  });

  it('keep the order of the inventory, and may be empty', () => {
    const tunnels = [between('b', 1, 2), between('a', 2, 3)];
    expect(shards(tunnels, 3).map((part) => part.map(({ name }) => name))).toEqual([['b', 'a'], [], []]);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readInventory } from '../../../../src/inventory/read-inventory.ts';
import type { InventoryReading } from '../../../../src/inventory/reading.ts';
import { problemsOf, readText } from '../read-text.ts';

const POOL = '10.99.0.0/22';

/** An inventory with one mesh, and the lock file an earlier run left. */
function read(
  hosts: readonly string[],
  { mesh = 'topology: full', tunnels = '', lock }: { mesh?: string; tunnels?: string; lock?: string } = {},
): InventoryReading {
  const text = `all:
  hosts: { ${hosts.map((host) => `${host}: { ansible_host: 198.51.100.${Number(host.slice(1)) + 1} }`).join(', ')} }
meshes:
  core: { hosts: all, pool: ${POOL}, tunnel: { mode: gre }, ${mesh} }
${tunnels}`;
  const locks = lock === undefined ? [] : [{ path: 'inventory.lock.yaml', text: lock }];
  return readInventory([{ path: 'inventory.yaml', text }], { locks });
}

/** What the lock file is after the run. */
function lockAfter({ lockUpdates }: InventoryReading, before?: string): string | undefined {
  return lockUpdates[0]?.text ?? before;
}

/** What each pair of hosts was given, in one text. */
function givenBy({ desired }: InventoryReading): ReadonlyMap<string, string> {
  return new Map(
    (desired?.tunnels ?? []).map(({ name, endpoints }) => {
      const pair = endpoints
        .map(({ host }) => host)
        .sort()
        .join(' ');
      const ends = endpoints.map(({ host, device, addresses, ikey }) => `${host} ${device} ${addresses[0]?.address} ${ikey}`);
      return [pair, [name, ...ends.sort()].join(', ')];
    }),
  );
}

/** What every pair was given over several runs, each with the lock file of the one before; no pair was ever given something else. */
function givenOver(rounds: readonly (readonly string[])[], mesh: string): ReadonlyMap<string, string> {
  const ever = new Map<string, string>();
  let lock: string | undefined;
  for (const hosts of rounds) {
    const reading = read(hosts, { mesh, ...(lock === undefined ? {} : { lock }) });
    expect(reading.diagnostics).toEqual([]);
    for (const [pair, given] of givenBy(reading)) {
      expect(ever.get(pair) ?? given).toBe(given);
      ever.set(pair, given);
    }
    lock = lockAfter(reading, lock);
  }
  return ever;
}

/** Each device once a host, and each address, key and name once. */
function expectNothingTwice(given: readonly string[]): void {
  const ends = given.flatMap((one) => one.split(', ').slice(1)).map((end) => end.split(' '));
  const different = (words: readonly (string | undefined)[]) => new Set(words).size;
  expect(different(ends.map(([host, device]) => `${host} ${device}`))).toBe(ends.length);
  expect(different(ends.map(([, , address]) => address))).toBe(ends.length);
  expect(different(ends.map(([, , , key]) => key))).toBe(given.length);
  expect(different(given.map((one) => one.split(', ')[0]))).toBe(given.length);
}

const hostSets = fc
  .uniqueArray(fc.integer({ min: 0, max: 9 }), { minLength: 2, maxLength: 6 })
  .map((numbers) => numbers.map((number) => `r${number}`));
const topologies = fc.constantFrom('topology: full', 'topology: chain', 'topology: ring');

describe('a mesh', () => {
  it('is a tunnel for each pair, with a /31, a key and devices named after the peer', () => {
    const { desired, diagnostics } = read(['r1', 'r2', 'r3']);
    expect(diagnostics).toEqual([]);
    const ends = desired?.tunnels.map(({ name, endpoints }) => [
      name,
      ...endpoints.map(({ host, device, addresses }) => `${host} ${device} ${addresses[0]?.address}/${addresses[0]?.length}`),
    ]);
    expect(ends).toEqual([
      ['core-r1-r2', 'r1 core-r2 10.99.0.0/31', 'r2 core-r1 10.99.0.1/31'],
      ['core-r1-r3', 'r1 core-r3 10.99.0.2/31', 'r3 core-r1 10.99.0.3/31'],
      ['core-r2-r3', 'r2 core-r3 10.99.0.4/31', 'r3 core-r2 10.99.0.5/31'],
    ]);
    expect(desired?.tunnels.map(({ endpoints, pool }) => [endpoints[0].ikey, endpoints[1].ikey, pool])).toEqual(
      [1, 2, 3].map((key) => [key, key, POOL]),
    );
  });

  it('joins spokes with hubs, and hubs with each other', () => {
    const pairs = [...givenBy(read(['r1', 'r2', 'r3', 'r4'], { mesh: 'topology: hub-and-spoke, hubs: r1:r2' })).keys()];
    expect(pairs.sort()).toEqual(['r1 r2', 'r1 r3', 'r1 r4', 'r2 r3', 'r2 r4']);
  });

  it('keeps off what is declared by itself: addresses, keys, names and devices', () => {
    const tunnels = `tunnels:
  core-r1-r2:
    mode: gre
    key: 1
    endpoints: { r1: { address: 10.99.0.1/30, device: core-r2, networks: [10.99.0.4/30] }, r2: { address: 10.99.0.2/30 } }`;
    const { desired, diagnostics } = read(['r1', 'r2'], { tunnels });
    expect(diagnostics).toEqual([]);
    const [, given] = desired?.tunnels ?? [];
    expect([given?.name, ...(given?.endpoints ?? []).map(({ device, addresses, ikey }) => `${device} ${addresses[0]?.address} ${ikey}`)]).toEqual([
      'core-r1-r2_2',
      'core-r2_2 10.99.0.8 2',
      'core-r1 10.99.0.9 2',
    ]);
  });

  it('has numbers of virtual networks where the mode has no keys', () => {
    const text = `all: { hosts: { a: , b: , c: } }
meshes: { lan: { hosts: all, topology: chain, pool: "fd00::/64", tunnel: { mode: vxlan } } }`;
    const { desired, diagnostics } = readInventory([{ path: 'inventory.yaml', text }]);
    expect(diagnostics).toEqual([]);
    expect(
      desired?.tunnels.map(({ vni, endpoints }) => [vni, ...endpoints.map(({ addresses }) => `${addresses[0]?.address}/${addresses[0]?.length}`)]),
    ).toEqual([
      [1, 'fd00::/127', 'fd00::1/127'],
      [2, 'fd00::2/127', 'fd00::3/127'],
    ]);
  });

  it('tells what is wrong with all of its tunnels once', () => {
    const mesh = (pool: string, tunnel: string) =>
      `all: { hosts: { "r[1:4]": } }\nmeshes: { m: { hosts: all, topology: full, pool: ${pool}, tunnel: ${tunnel} } }`;
    expect(problemsOf(readText(mesh('127.0.0.0/24', '{ mode: gre }')))).toEqual(['unusable-address 2:50']);
    expect(problemsOf(readText(mesh('fd00::/64', '{ mode: ipip }')))).toEqual(['wrong-family 2:50']);
  });
});

describe('the lock file', () => {
  it('is left alone when nothing is new', () => {
    fc.assert(
      fc.property(hostSets, topologies, (hosts, mesh) => {
        const lock = lockAfter(read(hosts, { mesh }));
        expect(lock).toBeDefined();
        expect(read(hosts, { mesh, ...(lock === undefined ? {} : { lock }) }).lockUpdates).toEqual([]);
      }),
      { numRuns: 15 },
    );
  }, 300_000);

  it('keeps what every tunnel was given while hosts come and go, and gives nothing out twice', () => {
    fc.assert(
      fc.property(fc.array(hostSets, { minLength: 2, maxLength: 6 }), topologies, (rounds, mesh) => {
        const ever = givenOver(rounds, mesh);
        expectNothingTwice([...ever.values()]);
      }),
      { numRuns: 25 },
    );
  }, 300_000);

  it('is the same whatever order the hosts are asked for in once it is written', () => {
    fc.assert(
      fc.property(hostSets, (hosts) => {
        const lock = lockAfter(read(hosts)) ?? '';
        expect(read(hosts.toReversed(), { lock }).lockUpdates).toEqual([]);
      }),
      { numRuns: 10 },
    );
  }, 300_000);

  it('keeps a released tunnel for its pair, and tells what was given and what released', () => {
    const first = read(['r1', 'r2', 'r3']);
    const without = read(['r1', 'r2'], { lock: lockAfter(first) ?? '' });
    expect(without.lockUpdates.map(({ allotted, released }) => [allotted.length, released.map(({ tunnel }) => tunnel)])).toEqual([
      [0, ['core-r1-r3', 'core-r2-r3']],
    ]);
    const another = read(['r1', 'r2', 'r4'], { lock: lockAfter(without) ?? '' });
    expect(another.lockUpdates[0]?.allotted.map(({ ends }) => ends[0].address)).toEqual(['10.99.0.6', '10.99.0.8']);
    const back = read(['r1', 'r2', 'r3'], { lock: lockAfter(another) ?? '' });
    expect(givenBy(back)).toEqual(givenBy(first));
  });

  it('is left as it is where it speaks of meshes that are not in these files', () => {
    const lock =
      lockAfter(read(['r1', 'r2']))
        ?.replaceAll('core', 'edge')
        .replaceAll('10.99.0', '10.88.0') ?? '';
    const reading = read(['r1', 'r2'], { lock });
    expect(reading.lockUpdates[0]?.released).toEqual([]);
    expect(reading.lockUpdates[0]?.text).toContain('edge-r1-r2:\n    key: 1');
  });

  it('may be kept elsewhere, also for what is read from stdin', () => {
    const text = 'all: { hosts: { a: , b: } }\nmeshes: { m: { hosts: all, topology: full, pool: 10.0.0.0/31, tunnel: { mode: gre } } }';
    const { lockUpdates, diagnostics } = readInventory([{ path: '<stdin>', text }], { lockFile: 'site.lock' });
    expect(diagnostics).toEqual([]);
    expect(lockUpdates.map(({ path }) => path)).toEqual(['site.lock']);
  });
});

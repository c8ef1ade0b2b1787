import { type AddressRange, networkOf, rangeOf } from '../../domain/address.ts';
import type { Allotment } from '../../domain/allotment.ts';
import { problemAt, type Report } from '../problem.ts';
import type { TunnelDraft } from '../tunnels/draft.ts';
import { type AddressPair, freePairs, roomOf } from './free-pairs.ts';
import { deviceName, tunnelName } from './names.ts';
import type { Mesh } from './read-mesh.ts';
import { type Pair, pairKey } from './topology.ts';

/** What is in use already, by the tunnels declared one by one and by all that the lock files hold. */
export interface InUse {
  readonly tunnels: readonly TunnelDraft[];
  readonly held: readonly Allotment[];
}

/** Whether tunnels of the mode are told apart by a number of their own. */
export function numberField({ hasKey, required = [] }: Mesh['mode']): 'key' | 'vni' | undefined {
  if (hasKey) return 'key';
  return required.includes('vni') ? 'vni' : undefined;
}

/**
 * Gives every tunnel of the meshes what it has in the lock file, and the new ones the lowest that is free: addresses, key, names.
 *
 * What a tunnel has it keeps, also while it is released; so hosts that come and go change nothing for the others. The same
 * inventory and lock file give the same result, whatever the hosts have.
 *
 * @returns for each mesh its tunnels, in the order of its pairs; without those the pool has no room for
 */
export function allot(meshes: readonly Mesh[], inUse: InUse, report: Report): ReadonlyMap<Mesh, readonly Allotment[]> {
  const supply = new Supply(inUse);
  return new Map(meshes.map((mesh) => [mesh, allotMesh(mesh, { supply, held: inUse.held, report })]));
}

interface Source {
  readonly supply: Supply;
  readonly held: readonly Allotment[];
  readonly report: Report;
}

function allotMesh(mesh: Mesh, { supply, held, report }: Source): readonly Allotment[] {
  const own = new Map(held.filter((one) => one.mesh === mesh.name).map((one) => [pairKey([one.ends[0].host, one.ends[1].host]), one]));
  const pairs = supply.pairsOf(mesh);
  const given = mesh.pairs.map((pair) => {
    const known = own.get(pairKey(pair));
    if (known !== undefined) return supply.numbered({ ...known, isReleased: false }, mesh);
    const addresses = pairs.next().value;
    return addresses === undefined ? undefined : supply.fresh(mesh, pair, addresses);
  });
  const missing = given.filter((one) => one === undefined).length;
  const wanted = new Set(mesh.pairs.map(pairKey));
  if (missing > 0) report(exhausted(mesh, { missing, released: [...own.keys()].filter((key) => !wanted.has(key)).length }));
  return given.filter((one) => one !== undefined);
}

function exhausted({ name, pool, pairs }: Mesh, { missing, released }: { readonly missing: number; readonly released: number }) {
  const message = `the pool ${pool.value} of mesh ${name} has room for ${roomOf(pool.value)} tunnels; ${missing} of ${pairs.length} got no addresses`;
  const larger = `Write a larger pool that holds this one: nothing is renumbered.`;
  const hint =
    released === 0 ? larger : `${larger} Or delete what is released from the lock file (${released}), once \`tunorch up --prune\` has removed it.`;
  return problemAt(pool.at, { code: 'inventory.pool-exhausted', message, hint });
}

/** What is still free, while it is given out. */
class Supply {
  readonly #keys: Set<number>;
  readonly #names: Set<string>;
  readonly #devices: Set<string>;
  readonly #addresses: readonly AddressRange[];
  readonly #byPool = new Map<string, Generator<AddressPair>>();
  #nextKey = 1;

  constructor({ tunnels, held }: InUse) {
    const ends = tunnels.flatMap((tunnel) => tunnel.ends);
    this.#keys = new Set([
      ...ends.flatMap(({ ikey }) => ikey ?? []),
      ...tunnels.flatMap(({ vni }) => vni ?? []),
      ...held.flatMap(({ key }) => key ?? []),
    ]);
    this.#names = new Set([...tunnels, ...held.map(({ tunnel }) => ({ name: tunnel }))].map(({ name }) => name));
    this.#devices = new Set([
      ...ends.map(({ host, device }) => slot(host.value, device.value)),
      ...held.flatMap((one) => one.ends.map(({ host, device }) => slot(host, device))),
    ]);
    this.#addresses = [
      ...ends.flatMap(({ addresses, networks }) => [
        ...addresses.map(({ value }) => rangeOf(value.peer === undefined ? networkOf(value.address, value.length) : value.address)),
        ...networks.map(({ value }) => rangeOf(value)),
      ]),
      ...held.flatMap((one) => one.ends.map(({ address }) => rangeOf(address))),
    ];
  }

  /** Meshes that share a pool take turns from one source. */
  pairsOf({ pool }: Mesh): Generator<AddressPair> {
    const pairs = this.#byPool.get(pool.value) ?? freePairs(pool.value, this.#addresses);
    this.#byPool.set(pool.value, pairs);
    return pairs;
  }

  fresh(mesh: Mesh, pair: Pair, [low, high]: AddressPair): Allotment {
    const [first, second] = pair;
    const tunnel = tunnelName(mesh.name, pair, (name) => this.#names.has(name));
    this.#names.add(tunnel);
    const ends = [
      { host: first, address: low, device: this.#device(mesh.name, first, second) },
      { host: second, address: high, device: this.#device(mesh.name, second, first) },
    ] as const;
    return this.numbered({ mesh: mesh.name, tunnel, ends, isReleased: false }, mesh);
  }

  /** The mode may have changed to one that has keys. */
  numbered(allotment: Allotment, { mode }: Mesh): Allotment {
    if (allotment.key !== undefined || numberField(mode) === undefined) return allotment;
    while (this.#keys.has(this.#nextKey)) this.#nextKey += 1;
    const key = this.#nextKey;
    this.#keys.add(key);
    const { mesh, tunnel, ends, isReleased } = allotment;
    return { mesh, tunnel, key, ends, isReleased };
  }

  #device(mesh: string, host: string, peer: string): string {
    const device = deviceName(mesh, peer, (name) => this.#devices.has(slot(host, name)));
    this.#devices.add(slot(host, device));
    return device;
  }
}

function slot(host: string, device: string): string {
  return `${host} ${device}`;
}

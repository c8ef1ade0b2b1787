import { contains, familyOf, networkOf } from '../../domain/address.ts';
import { lineOf, problemAt, type Report } from '../problem.ts';
import type { Located } from '../source.ts';
import type { LockedTunnel } from './read-lock.ts';
import type { Mesh } from './read-mesh.ts';
import { pairKey } from './topology.ts';

/**
 * What no two tunnels of the lock files may share: two branches that each added a host may both have given out the same.
 *
 * @returns whether the files can be gone by
 */
export function isLockSound(locked: readonly LockedTunnel[], report: Report): boolean {
  let isSound = true;
  const object = (where: Located, message: string) => {
    isSound = false;
    report(problemAt(where, conflict(message)));
  };
  const seen = new Map<string, Claim>();
  for (const tunnel of locked) {
    const [first, second] = tunnel.ends.map(({ address }) => address);
    const bits = familyOf(first ?? '') === 4 ? 31 : 127;
    if (!arePair(tunnel)) object(tunnel.endsAt[1], `${first} and ${second} are not the two addresses of one /${bits}`);
    for (const claim of claimsOf(tunnel)) {
      const earlier = seen.get(claim.id);
      if (earlier === undefined) seen.set(claim.id, claim);
      else object(claim.at, `${claim.words} is that of tunnel ${earlier.tunnel} already (${lineOf(earlier.at)})`);
    }
  }
  return isSound;
}

function arePair({ ends: [one, other] }: LockedTunnel): boolean {
  const bits = familyOf(one.address) === 4 ? 31 : 127;
  return (
    one.address !== other.address &&
    familyOf(one.address) === familyOf(other.address) &&
    networkOf(one.address, bits) === networkOf(other.address, bits)
  );
}

/** Addresses outside the pool: it was changed, or belongs to another inventory. */
export function checkPool({ name, pool }: Mesh, locked: readonly LockedTunnel[], report: Report): void {
  const outside = locked.filter(
    (tunnel) => tunnel.mesh === name && !tunnel.isReleased && !tunnel.ends.every(({ address }) => contains(pool.value, address)),
  );
  const [first] = outside;
  if (first === undefined) return;
  const others = outside.length === 1 ? '' : `, and ${outside.length - 1} more`;
  report(
    problemAt(pool.at, {
      code: 'inventory.lock-outside-pool',
      message: `mesh ${name} has the pool ${pool.value}, and its tunnel ${first.tunnel} was given ${first.ends[0].address} (${lineOf(first.endsAt[0])})${others}`,
      hint: 'Write a pool that holds what was given, or delete these tunnels from the lock file: they are given new addresses then.',
    }),
  );
}

interface Claim {
  readonly id: string;
  readonly tunnel: string;
  readonly at: Located;
  /** Begins a sentence: `the key 7`. */
  readonly words: string;
}

function claimsOf({ mesh, tunnel, key, ends, at, keyAt, endsAt }: LockedTunnel): readonly Claim[] {
  const [first, second] = ends;
  const claim = (id: string, where: Located, words: string): Claim => ({ id, tunnel, at: where, words });
  return [
    claim(`pair ${mesh} ${pairKey([first.host, second.host])}`, at, `the pair of ${first.host} and ${second.host}`),
    claim(`name ${tunnel}`, at, `the name ${tunnel}`),
    ...(key === undefined ? [] : [claim(`key ${key}`, keyAt, `the key ${key}`)]),
    ...ends.map(({ address }, index) => claim(`address ${address}`, endsAt[index] ?? at, `the address ${address}`)),
    ...ends.map(({ host, device }, index) => claim(`device ${host} ${device}`, endsAt[index] ?? at, `the device ${device} on ${host}`)),
  ];
}

function conflict(message: string) {
  const hint = 'Delete the one of the two tunnels that is not on its hosts yet: it is given something of its own then.';
  return { code: 'inventory.lock-conflict', message, hint } as const;
}

import type { Tunnel } from '../domain/tunnel.ts';
import { type Group, independentGroups } from './groups.ts';

/** One part of an inventory that several runs divide among themselves. */
export interface Shard {
  /** 1..count. */
  readonly index: number;
  readonly count: number;
}

/**
 * The tunnels of one shard, in the order of the inventory.
 *
 * Tunnels that share hosts stay together, so that no host is worked on by two runs. The largest groups are dealt first, each to
 * the shard that has least: every run that reads the same inventory divides it the same way.
 */
export function tunnelsOfShard(tunnels: readonly Tunnel[], { index, count }: Shard): readonly Tunnel[] {
  const loads = Array.from({ length: count }, () => 0);
  const mine = new Set<Tunnel>();
  for (const group of independentGroups(tunnels).toSorted(byWeight)) {
    const lightest = loads.indexOf(Math.min(...loads));
    loads[lightest] = (loads[lightest] ?? 0) + group.tunnels.length;
    if (lightest === index - 1) for (const tunnel of group.tunnels) mine.add(tunnel);
  }
  return tunnels.filter((tunnel) => mine.has(tunnel));
}

/** The order of the inventory does not matter, only the names. */
function byWeight(one: Group, other: Group): number {
  return other.tunnels.length - one.tunnels.length || (leastName(one) < leastName(other) ? -1 : 1);
}

function leastName({ tunnels }: Group): string {
  return tunnels.map(({ name }) => name).toSorted()[0] ?? '';
}

import type { BatchSize } from './playbook.ts';

/** Splits into batches as Ansible's `serial` does: each size once, and the last for all that is left; no size, one batch. */
export function batchesOf<One>(all: readonly One[], sizes: readonly BatchSize[]): readonly (readonly One[])[] {
  const batches: (readonly One[])[] = [];
  for (let start = 0; start < all.length; ) {
    const size = sizes[Math.min(batches.length, sizes.length - 1)];
    const batch = all.slice(start, start + (size === undefined ? all.length : countOf(size, all.length)));
    batches.push(batch);
    start += batch.length;
  }
  return batches;
}

/** Of a percentage the whole part, and one at least. */
function countOf(size: BatchSize, total: number): number {
  return 'tunnels' in size ? size.tunnels : Math.max(1, Math.floor((total * size.percent) / 100));
}

import { createHash } from 'node:crypto';
import type { TunnelPlan } from '../plan/plan-tunnel.ts';

/**
 * A hash of everything that a plan would do and undo: the same only where the hosts are, for this tunnel, as they were.
 *
 * What is drawn anew for each plan is not in it: keys are written as `***`, and the numbers that are drawn with them not at all.
 */
export function planDigest({ changes, steps }: TunnelPlan): string {
  const operations = steps.flatMap(({ forward }) => forward);
  const drawn = new Set<unknown>(operations.flatMap((one) => (one.kind === 'add-association' ? [one.association.spi] : [])));
  const text = JSON.stringify({ changes, steps }, (name, value: unknown) => (name === 'spi' && drawn.has(value) ? undefined : value));
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}

import type { Badge } from '../standing.ts';
import type { Theme } from '../theme.ts';
import { truncate } from '../width.ts';

/** `… 28 more: 20 changed, 8 waiting`: what a window leaves out is at least counted. */
export function remainderLine(rest: readonly Badge[], columns: number, { paint }: Theme): string {
  const counted = countByWord(rest).map(({ badge, number }) => `${number} ${badge.word}`);
  return paint('quiet', truncate(`   … ${rest.length} more: ${counted.join(', ')}`, columns));
}

/** How many stand the same way, in the order they were first met. */
export function countByWord(badges: readonly Badge[]): readonly { readonly badge: Badge; readonly number: number }[] {
  const counts = new Map<string, { badge: Badge; number: number }>();
  for (const badge of badges) {
    const known = counts.get(badge.word);
    if (known === undefined) counts.set(badge.word, { badge, number: 1 });
    else known.number += 1;
  }
  return [...counts.values()];
}

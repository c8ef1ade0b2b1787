import { lineOf, problemAt, type Report } from './problem.ts';
import type { Entry } from './tree.ts';

/** A tunnel or mesh is declared once, whatever file it comes from; the first of a name is kept. */
export function eachOnce(sort: 'tunnel' | 'mesh', entries: readonly Entry[], report: Report): readonly Entry[] {
  const seen = new Map<string, Entry>();
  for (const entry of entries) {
    const first = seen.get(entry.key.text);
    if (first === undefined) seen.set(entry.key.text, entry);
    else {
      const message = `${sort} ${entry.key.text} is declared already at ${lineOf(first.key)}`;
      report(problemAt(entry.key, { code: 'inventory.duplicate-tunnel', message, hint: 'Rename one of them, or remove it.' }));
    }
  }
  return [...seen.values()];
}

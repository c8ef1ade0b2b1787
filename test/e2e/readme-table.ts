import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const README = fileURLToPath(new URL('../README.md', import.meta.url));

/** Rewrites a table of test/README.md, which stands between comments with its name. */
export async function rewriteTable(name: string, rewrite: (table: string) => string): Promise<void> {
  const [begin, end] = [`<!-- ${name}: begin -->`, `<!-- ${name}: end -->`];
  const text = await readFile(README, 'utf8');
  const [start, stop] = [text.indexOf(begin) + begin.length, text.indexOf(end)];
  if (start < begin.length || stop < start) throw new Error(`${README} has no place for the table «${name}»`);
  await writeFile(README, `${text.slice(0, start)}\n${rewrite(text.slice(start, stop).trim())}\n${text.slice(stop)}`);
}

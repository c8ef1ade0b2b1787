import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { planOf, type StagedHost } from './render-plan.ts';

const folder = import.meta.dirname;
const cases = readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
const GIVEN = new Set(['inventory.yaml', 'before.yaml', 'observed.yaml', 'command.txt']);

function given(name: string, file: string): string | undefined {
  const path = join(folder, name, file);
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

/** All files a plan gives, and no more: what is refused has no scripts. */
function compare(name: string, files: ReadonlyMap<string, string>): void {
  const path = (file: string) => join(folder, name, file);
  const there = readdirSync(join(folder, name)).filter((file) => !GIVEN.has(file));
  if (process.env.UPDATE_GOLDEN === '1') {
    for (const file of there) rmSync(path(file));
    for (const [file, text] of files) writeFileSync(path(file), text);
    return;
  }
  for (const [file, text] of files) expect(text, file).toBe(given(name, file));
  expect(there.toSorted()).toEqual([...files.keys()].toSorted());
}

describe('the plan, and what would run as root', () => {
  it.each(cases)('%s', (name) => {
    const observed = parse(given(name, 'observed.yaml') ?? '') as Readonly<Record<string, StagedHost>>;
    const command = (given(name, 'command.txt') ?? 'up').trim();
    const before = given(name, 'before.yaml');
    compare(name, planOf({ inventory: given(name, 'inventory.yaml') ?? '', observed, command, ...(before === undefined ? {} : { before }) }));
  });
});

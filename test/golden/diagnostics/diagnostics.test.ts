import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadInventoryFiles } from '../../../src/cli/inventory-files.ts';
import { loadLocks } from '../../../src/cli/lock-files.ts';
import { renderDiagnostics } from '../../../src/cli/render-diagnostics.ts';
import type { Diagnostic } from '../../../src/domain/diagnostic.ts';
import { codes } from '../../../src/inventory/codes.ts';
import { type Selection, selectTunnels } from '../../../src/inventory/patterns.ts';
import { readPlaybook } from '../../../src/inventory/playbook/read-playbook.ts';
import { readInventory } from '../../../src/inventory/read-inventory.ts';

const folder = import.meta.dirname;
const cases = readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));

describe('diagnostics', () => {
  it.each(cases)('%s', async (name) => {
    const diagnostics = await diagnosticsOf(join(folder, name));
    const text = renderDiagnostics(diagnostics, { colour: false }).replaceAll(join(folder, name, '/'), '');
    const expected = join(folder, name, 'expected.txt');
    if (process.env.UPDATE_GOLDEN === '1') writeFileSync(expected, text);
    expect(text).toBe(readFileSync(expected, 'utf8'));
    expect(diagnostics.map(({ code }) => code.replace(/^(?:inventory|playbook)\./, ''))).toContain(name);
  });

  it('has a case for every code', () => {
    const missing = codes.filter((code) => !cases.includes(code.replace('inventory.', '')));
    expect(missing).toEqual([]);
  });
});

/** What a user is told who gives all inventories of the folder, or what `arguments.json` says. */
async function diagnosticsOf(path: string): Promise<readonly Diagnostic[]> {
  const { inventories = [''], playbook, ...selection } = argumentsOf(path);
  if (playbook !== undefined) return readPlaybook({ path: join(path, playbook), text: readFileSync(join(path, playbook), 'utf8') }).diagnostics;
  const { files, diagnostics } = await loadInventoryFiles(
    inventories.map((name) => (name === '-' ? name : join(path, name))),
    () => Promise.resolve(readFileSync(join(path, 'inventory.yaml'), 'utf8')),
  );
  const inventoryFiles = files.filter(({ path: file }) => !file.endsWith('arguments.json'));
  const { diagnostics: unlocked, ...locks } = await loadLocks(inventoryFiles);
  const reading = readInventory(inventoryFiles, { readSecret: () => undefined, ...locks });
  const selected = reading.desired === undefined ? [] : selectTunnels(reading.desired, reading.groups, selection).diagnostics;
  return [...diagnostics, ...unlocked, ...reading.diagnostics, ...selected];
}

function argumentsOf(path: string): Selection & { readonly inventories?: readonly string[]; readonly playbook?: string } {
  const file = join(path, 'arguments.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
}

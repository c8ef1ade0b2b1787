import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadInventoryFiles } from '../../../src/cli/inventory-files.ts';
import { loadLocks } from '../../../src/cli/lock-files.ts';
import { readInventory } from '../../../src/inventory/read-inventory.ts';

const folder = join(import.meta.dirname, '../../../inventory');
const examples = readdirSync(folder).filter((name) => /^[^.]+\.yaml$/.test(name));

describe('examples', () => {
  it.each(examples)('%s has no problem', async (name) => {
    const { files } = await loadInventoryFiles([join(folder, name)], () => Promise.resolve(''));
    const { desired, diagnostics, lockUpdates } = readInventory(files, await loadLocks(files));
    expect(diagnostics).toEqual([]);
    expect(lockUpdates).toEqual([]);
    expect(desired?.tunnels.length).toBeGreaterThan(0);
  });

  it.each(examples)('%s names its schema in the first line', async (name) => {
    const { files } = await loadInventoryFiles([join(folder, name)], () => Promise.resolve(''));
    expect(files[0]?.text).toMatch(/^# yaml-language-server: \$schema=\.\/tunorch\.schema\.json\n/);
  });
});

import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import type { LockUpdate } from '../domain/allotment.ts';
import { lockPathOf } from '../inventory/meshes/read-meshes.ts';
import type { InventoryFile, ReadingOptions } from '../inventory/reading.ts';
import { reasonOf } from './inventory-files.ts';

/** The lock files that are there: the one that is named, or those beside the inventories. */
export async function loadLocks(files: readonly InventoryFile[], lockFile?: string): Promise<Pick<ReadingOptions, 'lockFile' | 'locks'>> {
  const paths = lockFile === undefined ? files.flatMap(({ path }) => lockPathOf(path) ?? []) : [lockFile];
  const locks = await Promise.all(paths.map(async (path) => ({ path, text: await textOf(path) })));
  const found = locks.flatMap(({ path, text }) => (text === undefined ? [] : [{ path, text }]));
  return { locks: found, ...(lockFile === undefined ? {} : { lockFile }) };
}

/**
 * Puts lock files in place of the old ones, each as a whole: what stops in the middle leaves the old one.
 *
 * @returns why one could not be written
 */
export async function writeLocks(updates: readonly LockUpdate[]): Promise<string | undefined> {
  for (const { path, text, before } of updates) {
    const draft = `${path}.${process.pid}.tmp`;
    try {
      if ((await textOf(path)) !== before) return `${path} was changed by somebody else meanwhile; run again`;
      await writeFile(draft, text, { flush: true });
      await rename(draft, path);
    } catch (cause) {
      await rm(draft, { force: true });
      return `${path} cannot be written, and without it the next run would renumber its tunnels: ${reasonOf(cause)}`;
    }
  }
  return undefined;
}

async function textOf(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT' || cause.code === 'ENOTDIR') return undefined;
    throw cause;
  });
}

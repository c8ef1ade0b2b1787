import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import type { LockUpdate } from '../domain/allotment.ts';
import type { Diagnostic } from '../domain/diagnostic.ts';
import { lockPathOf } from '../inventory/meshes/read-meshes.ts';
import { problem } from '../inventory/problem.ts';
import type { InventoryFile, ReadingOptions } from '../inventory/reading.ts';
import { reasonOf } from './inventory-files.ts';

/** The lock files that are there. */
export interface LockFiles extends Pick<ReadingOptions, 'lockFile' | 'locks'> {
  /** Of those that cannot be read: without them all would be given out anew. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads the one that is named, or those beside the inventories. */
export async function loadLocks(files: readonly InventoryFile[], lockFile?: string): Promise<LockFiles> {
  const diagnostics: Diagnostic[] = [];
  const locks: InventoryFile[] = [];
  for (const path of lockFile === undefined ? files.flatMap((file) => lockPathOf(file.path) ?? []) : [lockFile]) {
    const text = await textOf(path).catch((cause: unknown) => void diagnostics.push(unreadable(path, cause)));
    if (text !== undefined) locks.push({ path, text });
  }
  return { locks, diagnostics, ...(lockFile === undefined ? {} : { lockFile }) };
}

function unreadable(path: string, cause: unknown): Diagnostic {
  const message = `the lock file ${path} cannot be read: ${reasonOf(cause)}`;
  return problem({
    code: 'inventory.lock-unreadable',
    message,
    hint: 'Check its rights. It says which addresses and keys the tunnels of meshes have.',
  });
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

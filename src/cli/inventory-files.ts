import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import type { Diagnostic } from '../domain/diagnostic.ts';
import { problem } from '../inventory/problem.ts';
import { type InventoryFile, STDIN_PATH } from '../inventory/reading.ts';
import { isForeignInventory } from '../inventory/yaml/foreign-form.ts';

/** What the INVENTORY arguments stand for, in the order later files win. */
export interface InventoryFiles {
  readonly files: readonly InventoryFile[];
  /** A file that is not there or cannot be read. */
  readonly diagnostics: readonly Diagnostic[];
}

const VARS_FOLDERS = ['group_vars', 'host_vars'] as const;

/** Folders of an inventory that hold no inventories. */
const OTHER_FOLDERS: ReadonlySet<string> = new Set([...VARS_FOLDERS, 'vars_plugins']);

/** Of several files for one name Ansible reads the first in this order (`find_vars_files`). */
const VARS_EXTENSIONS: readonly string[] = ['', '.yml', '.yaml', '.json'];

/** What Ansible passes over in a folder (`INVENTORY_IGNORE_EXTS`), the schema for editors and the lock file of a mesh. */
const NO_INVENTORY = /^\.|~$|\.(pyc|pyo|swp|bak|rpm|md|txt|rst|orig|ini|cfg|retry)$|\.(schema\.json|lock\.ya?ml)$/;

/**
 * Reads files, folders and `-`, and the group_vars/ and host_vars/ beside each file and in each folder that is named.
 *
 * A folder is read in the order of names, with the folders in it, as Ansible does.
 *
 * @param readStdin - called at most once
 */
export async function loadInventoryFiles(paths: readonly string[], readStdin: () => Promise<string>): Promise<InventoryFiles> {
  const diagnostics: Diagnostic[] = [];
  const files = new Map<string, InventoryFile>();
  for (const path of paths) {
    try {
      const found = path === '-' ? [{ path: STDIN_PATH, text: await readStdin() }] : await filesBehind(path);
      for (const file of found) if (!files.has(file.path)) files.set(file.path, file);
    } catch (cause) {
      diagnostics.push(problem({ code: 'inventory.no-such-file', message: `${path} cannot be read: ${reasonOf(cause)}`, hint: hintFor(path) }));
    }
  }
  return { files: [...files.values()], diagnostics };
}

async function filesBehind(path: string): Promise<readonly InventoryFile[]> {
  const isFolder = (await stat(path)).isDirectory();
  const inventories = isFolder ? await inventoriesIn(path) : [await read(path)];
  const folder = isFolder ? path : dirname(path);
  const vars = await Promise.all(VARS_FOLDERS.map((name) => varsIn(join(folder, name))));
  return [...inventories, ...(await Promise.all(vars.flat().map(read)))];
}

async function inventoriesIn(folder: string): Promise<readonly InventoryFile[]> {
  const found: InventoryFile[] = [];
  for (const { name, path, isFolder } of await entriesIn(folder)) {
    if (NO_INVENTORY.test(name) || OTHER_FOLDERS.has(name)) continue;
    if (isFolder) found.push(...(await inventoriesIn(path)));
    else {
      const file = await read(path);
      if (VARS_EXTENSIONS.includes(extname(name)) || isForeignInventory(file)) found.push(file);
    }
  }
  return found;
}

async function read(path: string): Promise<InventoryFile> {
  return { path, text: await readFile(path, 'utf8') };
}

/** One file, or all files of one folder, for each name. */
async function varsIn(folder: string): Promise<readonly string[]> {
  const byName = new Map<string, { readonly rank: number; readonly entry: FolderEntry }>();
  for (const entry of await entriesIn(folder)) {
    const extension = entry.isFolder ? '' : varsExtension(entry.name);
    const rank = VARS_EXTENSIONS.indexOf(extension);
    const name = basename(entry.name, extension);
    if (rank < (byName.get(name)?.rank ?? VARS_EXTENSIONS.length)) byName.set(name, { rank, entry });
  }
  const files = [...byName.values()].map(async ({ entry: { path, isFolder } }) => (isFolder ? varsBelow(path) : [path]));
  return (await Promise.all(files)).flat();
}

/** `router.example.net` has no extension: host names have dots. */
function varsExtension(name: string): string {
  const extension = extname(name);
  return VARS_EXTENSIONS.includes(extension) ? extension : '';
}

/** Files of a known extension or none, and folders without one. */
async function varsBelow(folder: string): Promise<readonly string[]> {
  const entries = (await entriesIn(folder)).filter(({ name }) => !/^\.|~$/.test(name));
  const files = entries.map(async ({ name, path, isFolder }) => {
    if (isFolder) return extname(name) === '' ? varsBelow(path) : [];
    return VARS_EXTENSIONS.includes(extname(name)) ? [path] : [];
  });
  return (await Promise.all(files)).flat();
}

interface FolderEntry {
  readonly name: string;
  readonly path: string;
  readonly isFolder: boolean;
}

/** In the order of names; links are followed, and those that lead nowhere left out. None where there is no such folder. */
async function entriesIn(folder: string): Promise<readonly FolderEntry[]> {
  const names = (await readdir(folder).catch(() => [])).sort();
  const entries = names.map(async (name) => {
    const path = join(folder, name);
    const found = await stat(path).catch(() => undefined);
    return found === undefined ? [] : [{ name, path, isFolder: found.isDirectory() }];
  });
  return (await Promise.all(entries)).flat();
}

function hintFor(path: string): string {
  return path.includes(',') ? 'A list of hosts is no inventory here: name a file or a folder.' : 'Check its name and its rights.';
}

/** Why a file could not be read, in words. */
export function reasonOf(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const reasons: Readonly<Record<string, string>> = { ENOENT: 'there is no such file', EACCES: 'permission denied', EISDIR: 'it is a folder' };
  return reasons[code] ?? (cause instanceof Error ? cause.message : String(cause));
}

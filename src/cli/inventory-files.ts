import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import type { Diagnostic } from '../domain/diagnostic.ts';
import { problem } from '../inventory/problem.ts';
import type { InventoryFile } from '../inventory/reading.ts';

/** What the INVENTORY arguments stand for, in the order later files win. */
export interface InventoryFiles {
  readonly files: readonly InventoryFile[];
  /** A file that is not there or cannot be read. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Name of the inventory that `-` reads, in messages. */
const STDIN_PATH = '<stdin>';

const VARS_FOLDERS = ['group_vars', 'host_vars'] as const;

/** Folders of an inventory that hold no inventories. */
const OTHER_FOLDERS: ReadonlySet<string> = new Set([...VARS_FOLDERS, 'vars_plugins']);

/** Of several files for one name Ansible reads the first in this order (`find_vars_files`). */
const VARS_EXTENSIONS: readonly string[] = ['', '.yml', '.yaml', '.json'];

/**
 * Reads files, folders and `-`, and the group_vars/ and host_vars/ beside each.
 *
 * A folder is read in the order of names, as Ansible does, but only its YAML and JSON files.
 *
 * @param readStdin - called at most once
 */
export async function loadInventoryFiles(paths: readonly string[], readStdin: () => Promise<string>): Promise<InventoryFiles> {
  const diagnostics: Diagnostic[] = [];
  const files = new Map<string, InventoryFile>();
  const load = async (found: readonly string[]) => {
    for (const path of found) if (!files.has(path)) files.set(path, { path, text: await readFile(path, 'utf8') });
  };
  for (const path of paths) {
    try {
      if (path === '-') files.set(STDIN_PATH, { path: STDIN_PATH, text: await readStdin() });
      else await load(await filesBehind(path));
    } catch (cause) {
      diagnostics.push(
        problem({ code: 'inventory.no-such-file', message: `${path} cannot be read: ${reasonOf(cause)}`, hint: 'Check its name and its rights.' }),
      );
    }
  }
  return { files: [...files.values()], diagnostics };
}

async function filesBehind(path: string): Promise<readonly string[]> {
  const isFolder = (await stat(path)).isDirectory();
  const inventories = isFolder ? await inventoriesIn(path) : [path];
  const folders = new Set(inventories.map((file) => dirname(file)));
  const vars = await Promise.all([...folders].flatMap((folder) => VARS_FOLDERS.map((name) => varsIn(join(folder, name)))));
  return [...inventories, ...vars.flat()];
}

async function inventoriesIn(folder: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const entry of await sortedEntries(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !OTHER_FOLDERS.has(entry.name)) found.push(...(await inventoriesIn(path)));
    else if (isInventoryName(entry.name) && !entry.isDirectory()) found.push(path);
  }
  return found;
}

/** Not the schema for editors, nor the lock file of a mesh. */
function isInventoryName(name: string): boolean {
  return /\.(ya?ml|json)$/.test(name) && !/\.(schema\.json|lock\.ya?ml)$/.test(name);
}

/** One file, or all files of one folder, for each name. */
async function varsIn(folder: string): Promise<readonly string[]> {
  const byName = new Map<string, { readonly rank: number; readonly path: string; readonly isFolder: boolean }>();
  for (const entry of await sortedEntries(folder)) {
    const extension = entry.isDirectory() ? '' : varsExtension(entry.name);
    const rank = VARS_EXTENSIONS.indexOf(extension);
    const name = basename(entry.name, extension);
    if (rank < (byName.get(name)?.rank ?? VARS_EXTENSIONS.length)) {
      byName.set(name, { rank, path: join(folder, entry.name), isFolder: entry.isDirectory() });
    }
  }
  const files = [...byName.values()].map(async ({ path, isFolder }) => (isFolder ? allFilesIn(path) : [path]));
  return (await Promise.all(files)).flat();
}

/** `router.example.net` has no extension: host names have dots. */
function varsExtension(name: string): string {
  const extension = extname(name);
  return VARS_EXTENSIONS.includes(extension) ? extension : '';
}

async function allFilesIn(folder: string): Promise<readonly string[]> {
  const entries = await sortedEntries(folder);
  const files = entries.map(async (entry) => (entry.isDirectory() ? allFilesIn(join(folder, entry.name)) : [join(folder, entry.name)]));
  return (await Promise.all(files)).flat();
}

/** Hidden files and editors' copies left out; nothing where there is no such folder. */
async function sortedEntries(folder: string) {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const visible = entries.filter(({ name }) => !name.startsWith('.') && !/(~|\.(bak|orig|swp|retry))$/.test(name));
  return visible.sort((one, other) => (one.name < other.name ? -1 : 1));
}

function reasonOf(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const reasons: Readonly<Record<string, string>> = { ENOENT: 'there is no such file', EACCES: 'permission denied' };
  return reasons[code] ?? (cause instanceof Error ? cause.message : String(cause));
}

import type { Prefix } from '../../domain/address.ts';
import type { Allotment, LockUpdate } from '../../domain/allotment.ts';
import type { InventoryPart } from '../ansible/part.ts';
import { eachOnce } from '../each-once.ts';
import { problemAt } from '../problem.ts';
import { type InventoryFile, type ReadingOptions, STDIN_PATH } from '../reading.ts';
import type { Located } from '../source.ts';
import { childOf, type Entry, entriesOf } from '../tree.ts';
import type { TunnelDraft } from '../tunnels/draft.ts';
import { allot } from './allot.ts';
import { checkPool, isLockSound } from './check-lock.ts';
import { lockText } from './lock-text.ts';
import { meshTunnels } from './mesh-tunnels.ts';
import { type LockedTunnel, readLock } from './read-lock.ts';
import { type Mesh, readMesh, type Universe } from './read-mesh.ts';

export interface MeshReading {
  /** As if each had been declared by itself. */
  readonly tunnels: readonly Entry[];
  /** By the tunnel's name. */
  readonly pools: ReadonlyMap<string, Prefix>;
  /** Lock files that would have to be written. */
  readonly lockUpdates: readonly LockUpdate[];
  /** Where the meshes stand: their tunnels have all their fields from there. */
  readonly stretches: readonly Located[];
}

export interface MeshContext extends Universe, Pick<ReadingOptions, 'lockFile' | 'locks'> {
  /** Those declared one by one. */
  readonly declared: readonly TunnelDraft[];
}

/** The lock file that lies beside an inventory: `inventory.lock.yaml` beside `inventory.yaml`. */
export function lockPathOf(inventory: string): string | undefined {
  return inventory === STDIN_PATH ? undefined : `${inventory.replace(/\.(?:ya?ml|json)$/, '')}.lock.yaml`;
}

/** Reads the meshes of all files, and gives each of their tunnels what it has or is to have in the lock file. */
export function readMeshes(parts: readonly InventoryPart[], context: MeshContext): MeshReading {
  const { report } = context;
  const entries = eachOnce(
    'mesh',
    parts.flatMap(({ root }) => entriesOf(childOf(root, 'meshes'))),
    report,
  );
  if (entries.length === 0) return { tunnels: [], pools: new Map(), lockUpdates: [], stretches: [] };
  const stretches = entries.map(({ key, value }) => ({ source: key.source, start: key.start, end: value.end }));
  const nothing = { tunnels: [], pools: new Map(), lockUpdates: [], stretches };
  const meshes = entries.flatMap((entry) => readMesh(entry, context) ?? []);
  const paths = new Map(meshes.map((mesh) => [mesh, context.lockFile ?? lockPathOf(mesh.at.source.path)]));
  for (const [{ at }, path] of paths) if (path === undefined) report(problemAt(at, NO_LOCK_FILE));
  const files = (context.locks ?? []).filter(({ path }) => [...paths.values()].includes(path));
  const locks = new Map(files.map((file) => [file, readLock(file, report)]));
  if ([...locks.values()].includes(undefined)) return nothing;
  const locked = [...locks.values()].flatMap((tunnels) => tunnels ?? []);
  if (!isLockSound(locked, report)) return nothing;
  for (const mesh of meshes) checkPool(mesh, locked, report);
  const allotted = allot(meshes, { tunnels: context.declared, held: locked }, report);
  return {
    stretches,
    pools: new Map([...allotted].flatMap(([{ pool }, own]) => own.map(({ tunnel }) => [tunnel, pool.value]))),
    tunnels: [...allotted].flatMap(([mesh, own]) => meshTunnels(mesh, own)),
    lockUpdates: [...new Set(paths.values())].flatMap((path) => (path === undefined ? [] : updateOf(path, { allotted, paths, locks }))),
  };
}

const NO_LOCK_FILE = {
  code: 'inventory.no-lock-file',
  message: 'this mesh is read from stdin, beside which no lock file can lie',
  hint: 'Say where it is with --lock-file FILE; it keeps the addresses, keys and names of the mesh, so it must be the same file every time.',
} as const;

interface Result {
  readonly allotted: ReadonlyMap<Mesh, readonly Allotment[]>;
  readonly paths: ReadonlyMap<Mesh, string | undefined>;
  readonly locks: ReadonlyMap<InventoryFile, readonly LockedTunnel[] | undefined>;
}

/** Nothing where the file has all of it. What it holds of meshes that are not declared here is left as it is. */
function updateOf(path: string, { allotted, paths, locks }: Result): readonly LockUpdate[] {
  const [file, held = []] = [...locks].find(([{ path: other }]) => other === path) ?? [];
  const own = [...allotted].filter(([mesh]) => paths.get(mesh) === path);
  const given = own.flatMap(([, all]) => all);
  const declared = new Set(own.map(([{ name }]) => name));
  const names = new Set(given.map(({ tunnel }) => tunnel));
  const left = held.filter(({ tunnel }) => !names.has(tunnel)).map((one) => ({ ...one, isReleased: one.isReleased || declared.has(one.mesh) }));
  const text = lockText([...given, ...left]);
  if (text === file?.text) return [];
  const known = new Map(held.map((one) => [one.tunnel, one]));
  return [
    {
      path,
      text,
      ...(file === undefined ? {} : { before: file.text }),
      allotted: given.filter(({ tunnel }) => known.get(tunnel)?.isReleased !== false),
      released: left.filter(({ tunnel }) => known.get(tunnel)?.isReleased === false && declared.has(known.get(tunnel)?.mesh ?? '')),
    },
  ];
}

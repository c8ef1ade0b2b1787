import { text } from 'node:stream/consumers';
import type { LockUpdate } from '../domain/allotment.ts';
import type { DesiredState, Tunnel } from '../domain/tunnel.ts';
import type { Groups } from '../inventory/ansible/groups.ts';
import { selectTunnels } from '../inventory/patterns.ts';
import { readInventory } from '../inventory/read-inventory.ts';
import { tunnelsOfShard } from '../run/shard.ts';
import type { RunFlags } from './flags.ts';
import { loadInventoryFiles } from './inventory-files.ts';
import { secretReader } from './inventory-secrets.ts';
import { expandLimit } from './limit-file.ts';
import { loadLocks } from './lock-files.ts';
import type { SavedPlan } from './plan-file.ts';
import type { Rendering } from './render-diagnostics.ts';
import { tellDiagnostics } from './tell-diagnostics.ts';

/** What a run is about. */
export interface Selection {
  readonly desired: DesiredState;
  readonly tunnels: readonly Tunnel[];
  readonly groups: Groups;
  /** What the tunnels of meshes got, to be kept. */
  readonly lockUpdates: readonly LockUpdate[];
}

/** Reads and judges the inventory; problems go to stderr, and with an error nothing is selected. */
export async function readSelection(inventories: readonly string[], flags: RunFlags, rendering: Rendering): Promise<Selection | undefined> {
  if (inventories.length === 0) return refuse('no inventory was named. Give a file or folder, such as: tunorch plan inventory.yaml');
  const { files, diagnostics: unreadable } = await loadInventoryFiles(inventories, () => text(process.stdin));
  const { diagnostics: unlocked, ...locks } = await loadLocks(files, flags.lockFile);
  const reading = readInventory(files, { readSecret: secretReader(process.env), ...locks });
  const { tags, shard } = flags;
  const { limit, diagnostics: unlimited } = await expandLimit(flags.limit ?? '');
  const chosen = { limit, ...(tags === undefined ? {} : { tags: tags.split(',') }) };
  const selection = reading.desired === undefined ? undefined : selectTunnels(reading.desired, reading.groups, chosen);
  const diagnostics = [...unreadable, ...unlocked, ...unlimited, ...reading.diagnostics, ...(selection?.diagnostics ?? [])];
  if (diagnostics.length > 0) process.stderr.write(tellDiagnostics(diagnostics, rendering));
  if (reading.desired === undefined || selection === undefined || diagnostics.some(({ severity }) => severity === 'error')) return undefined;
  const { tunnels } = selection;
  const { desired, groups, lockUpdates } = reading;
  return { desired, groups, tunnels: shard === undefined ? tunnels : tunnelsOfShard(tunnels, shard), lockUpdates };
}

/** The tunnels of a plan and no others; undefined where the inventory is not the one it was made from. */
export function plannedOnly({ tunnels, ...selection }: Selection, plan: SavedPlan): Selection | undefined {
  const wanted = plan.tunnels.filter(({ isStray }) => !isStray).map(({ name }) => name);
  const missing = wanted.filter((name) => !tunnels.some((tunnel) => tunnel.name === name));
  if (missing.length > 0) return refuse(`the plan has ${missing.join(', ')}, which the inventory does not have any more. Make a new plan.`);
  return { ...selection, tunnels: tunnels.filter(({ name }) => wanted.includes(name)) };
}

function refuse(message: string): undefined {
  process.stderr.write(`error: ${message}\n`);
}

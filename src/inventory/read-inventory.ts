import type { Prefix } from '../domain/address.ts';
import type { Diagnostic } from '../domain/diagnostic.ts';
import type { Host } from '../domain/host.ts';
import { shareRoutes } from '../domain/share-routes.ts';
import type { DesiredState } from '../domain/tunnel.ts';
import { connectionOf } from './ansible/connection.ts';
import { readRoster } from './ansible/read-roster.ts';
import { reportUnsupportedVars } from './ansible/unsupported-vars.ts';
import { type HostVars, plainVars, resolveVars } from './ansible/vars.ts';
import { checks } from './checks/index.ts';
import { landscapeOf } from './checks/landscape.ts';
import { eachOnce } from './each-once.ts';
import { readMeshes } from './meshes/read-meshes.ts';
import { problem, type Report } from './problem.ts';
import type { InventoryFile, InventoryReading, ReadingOptions } from './reading.ts';
import { collectReports, onceAMesh } from './reports.ts';
import { childOf, entriesOf } from './tree.ts';
import { type TunnelDraft, tunnelOf } from './tunnels/draft.ts';
import { readTunnel } from './tunnels/read-tunnel.ts';

/**
 * Reads all files of an inventory as one: what is wanted, or every reason why that cannot be told.
 *
 * Later files win where they set the same variable; a tunnel is declared once. Where a file is not even YAML,
 * only the shape of the others is judged: their names could refer to what that file was to say.
 */
export function readInventory(files: readonly InventoryFile[], options: ReadingOptions = {}): InventoryReading {
  const { report, diagnostics } = collectReports(files.map(({ path }) => path));
  const { roster, inventories, isWhole } = readRoster(files, report);
  const hostVars = resolveVars(roster);
  const entries = eachOnce(
    'tunnel',
    inventories.flatMap(({ root }) => entriesOf(childOf(root, 'tunnels'))),
    report,
  );
  const declared = entries.flatMap((entry) => readTunnel(entry, report) ?? []);
  const context = { ...options, declared, groups: roster.shape, hosts: [...hostVars.keys()], report };
  const meshes = readMeshes(isWhole ? inventories : [], context);
  const sparing = onceAMesh(meshes.stretches, report);
  const ofMeshes = eachOnce('tunnel', [...entries, ...meshes.tunnels], sparing).slice(entries.length);
  const drafts = [...declared, ...ofMeshes.flatMap((entry) => withPool(readTunnel(entry, sparing), meshes.pools))];
  const hosts = hostsOf(hostVars, usedHosts(drafts), { ...options, report });
  if (isWhole) {
    const landscape = landscapeOf({ tunnels: drafts, hosts, groupNames: new Set(roster.groups.keys()) });
    for (const check of checks) check(landscape, sparing);
    if (drafts.length === 0 && !hasErrors(diagnostics())) report(problem(NO_TUNNELS));
  }
  const desired: DesiredState = { hosts, tunnels: shareRoutes(drafts.map(tunnelOf)) };
  return {
    ...(hasErrors(diagnostics()) ? {} : { desired }),
    groups: roster.shape,
    lockUpdates: hasErrors(diagnostics()) ? [] : meshes.lockUpdates,
    hostVars: new Map([...hostVars].map(([name, vars]) => [name, plainVars(vars)])),
    diagnostics: diagnostics(),
  };
}

const NO_TUNNELS = {
  code: 'inventory.no-tunnels',
  severity: 'warning',
  message: 'the inventory declares no tunnels',
  hint: 'Add them under «tunnels», in this file or in another one given with it.',
} as const;

function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some(({ severity }) => severity === 'error');
}

function withPool(draft: TunnelDraft | undefined, pools: ReadonlyMap<string, Prefix>): readonly TunnelDraft[] {
  const pool = pools.get(draft?.name ?? '');
  return draft === undefined || pool === undefined ? [] : [{ ...draft, pool }];
}

function usedHosts(drafts: readonly TunnelDraft[]): ReadonlySet<string> {
  return new Set(drafts.flatMap(({ ends }) => ends.map(({ host }) => host.value)));
}

/** How each host is reached is judged, and its secrets are read, only where a tunnel needs it. */
function hostsOf(
  hostVars: ReadonlyMap<string, HostVars>,
  used: ReadonlySet<string>,
  reading: ReadingOptions & { readonly report: Report },
): ReadonlyMap<string, Host> {
  const entries = [...hostVars].map(([name, vars]): [string, Host] => {
    if (!used.has(name)) return [name, { name, connection: connectionOf(vars, { report: () => undefined }) }];
    reportUnsupportedVars(vars, reading.report);
    return [name, { name, connection: connectionOf(vars, reading) }];
  });
  return new Map(entries);
}

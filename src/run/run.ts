import pLimit from 'p-limit';
import { captureTunnels } from './capture-tunnels.ts';
import { checkHealth } from './check-health.ts';
import { convergeGroup } from './converge.ts';
import { diagnoseTunnels } from './diagnose-tunnels.ts';
import { type Command, EVENT_SCHEMA, type Recap, type TunnelRecap, type TunnelSummary } from './events.ts';
import { byHost, type Group, hostsOf, independentGroups } from './groups.ts';
import { exitCodeOf, recapOf } from './recap.ts';
import { summaryOf } from './summary.ts';
import type { Context, RunRequest, Unstamped, World } from './world.ts';

/** Does one command on all tunnels and tells it as it happens; what comes back is also the last event. */
export async function run(request: RunRequest, world: World): Promise<Recap> {
  const startedAt = world.now();
  const witness = witnessOf(world);
  const context: Context = { request, world: witness.world };
  announce(context);
  const recaps = await workOn(context);
  const tunnels = [...request.tunnels.map(summaryOf), ...witness.added];
  const unreachableHosts = stayedUnreachable(witness.failedHosts, { tunnels, recaps });
  const exitCode = exitCodeOf(recaps, {
    isInterrupted: world.interrupt.aborted,
    hasUnreachableHost: unreachableHosts.size > 0,
    hasDetailedExitCode: request.hasDetailedExitCode,
  });
  const recap = recapOf({
    tunnels,
    recaps,
    unreachableHosts,
    loadedModules: witness.loadedModules,
    elapsedMs: world.now() - startedAt,
    exitCode,
  });
  world.report({ type: 'run-finished', recap });
  return recap;
}

/** What changes nothing; everything else converges. */
const WORK: Partial<Readonly<Record<Command, typeof convergeGroup>>> = { verify: checkHealth, doctor: diagnoseTunnels, capture: captureTunnels };

/** Groups have no host in common, so they go side by side; no more hosts are worked on at once than there are forks. */
async function workOn(context: Context): Promise<readonly TunnelRecap[]> {
  const { request } = context;
  const groups = request.strays === 'remove' ? [oneGroup(request)] : independentGroups(request.tunnels);
  const work = WORK[request.command] ?? convergeGroup;
  const inTurn = pLimit(request.forks);
  const largest = Math.max(1, ...groups.map(({ hosts }) => hosts.length));
  const sideBySide = pLimit(Math.max(1, Math.floor(request.forks / largest)));
  const recaps = await allOf(groups.map((group) => sideBySide(() => work(group, context, inTurn))));
  const byName = new Map(recaps.map((recap) => [recap.tunnel, recap]));
  const declared = new Set(request.tunnels.flatMap(({ name }) => byName.get(name) ?? []));
  return [...declared, ...recaps.filter((recap) => !declared.has(recap))];
}

/** An error of our own ends its group, whose hosts are let go and roll back; the other groups still come to their end. */
async function allOf(groups: readonly Promise<readonly TunnelRecap[]>[]): Promise<readonly TunnelRecap[]> {
  await Promise.allSettled(groups);
  return (await Promise.all(groups)).flat();
}

/** A stray may have its two ends on hosts that no declared tunnel joins, so all hosts are taken together. */
function oneGroup({ hosts, tunnels }: RunRequest): Group {
  return { hosts: [...hosts.keys()], tunnels };
}

function announce({ request, world }: Context): void {
  const { version, command, isCheck, tunnels, hosts, strays } = request;
  world.report({
    type: 'run-started',
    schema: EVENT_SCHEMA,
    version,
    command,
    isCheck,
    hosts: strays === 'remove' ? [...hosts.keys()] : hostsOf(tunnels),
    tunnels: tunnels.map(summaryOf),
  });
  for (const { path, allotted, released } of request.locks?.updates ?? []) {
    world.report({ type: 'lock-file', path, isWritten: request.locks?.isWritten === true, allotted, released });
  }
}

/** Of the hosts that failed once those that were not got hold of again: one whose tunnels all came out well was locked, or lost, for a while only. */
function stayedUnreachable(
  failedHosts: ReadonlySet<string>,
  { tunnels, recaps }: { readonly tunnels: readonly TunnelSummary[]; readonly recaps: readonly TunnelRecap[] },
): ReadonlySet<string> {
  const well = new Set(recaps.filter(({ outcome }) => outcome === 'ok' || outcome === 'changed').map(({ tunnel }) => tunnel));
  const mine = byHost(tunnels, ({ hosts }) => hosts);
  const cameBack = (host: string) => mine.get(host)?.every(({ name }) => well.has(name)) ?? false;
  return new Set([...failedHosts].filter((host) => !cameBack(host)));
}

/** Listens along for what the recap needs: who failed, and which modules were loaded. */
function witnessOf(world: World): {
  readonly world: World;
  readonly failedHosts: ReadonlySet<string>;
  readonly loadedModules: ReadonlyMap<string, readonly string[]>;
  readonly added: readonly TunnelSummary[];
} {
  const failedHosts = new Set<string>();
  const loadedModules = new Map<string, string[]>();
  const added: TunnelSummary[] = [];
  const listen = (event: Unstamped) => {
    if (event.type === 'host-failed') failedHosts.add(event.host);
    if (event.type === 'tunnel-added') added.push(event.tunnel);
    if (event.type === 'step' && event.state === 'done') noteModule(loadedModules, event);
    world.report(event);
  };
  return { world: { ...world, report: listen }, failedHosts, loadedModules, added };
}

function noteModule(loaded: Map<string, string[]>, { host, title }: { readonly host: string; readonly title: string }): void {
  const module = /^load module (\S+)$/.exec(title)?.[1];
  if (module === undefined) return;
  const modules = loaded.get(host) ?? [];
  if (!modules.includes(module)) loaded.set(host, [...modules, module]);
}

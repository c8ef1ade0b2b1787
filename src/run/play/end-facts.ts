import pLimit from 'p-limit';
import type { ObservedHost } from '../../domain/observed.ts';
import { linkOn } from '../../domain/observed-index.ts';
import type { Tunnel } from '../../domain/tunnel.ts';
import { type Condition, type EndFacts, holds, needsHost } from '../../inventory/playbook/condition.ts';
import { observedIn, successes } from '../crew.ts';
import { gather } from '../gather.ts';
import { hostsOf } from '../groups.ts';
import type { PlayContext } from './play-world.ts';

/** Whether a condition holds at the end of a tunnel on one host; where the host cannot be asked, it does, and the step will find out. */
export type Asked = (tunnel: Tunnel, host: string) => boolean;

/** Asks the hosts of some tunnels for what the conditions need, over connections of their own; where they need nothing, nobody is asked. */
export async function ask(
  tunnels: readonly Tunnel[],
  conditions: readonly Condition[],
  context: PlayContext,
): Promise<(condition: Condition) => Asked> {
  const isNeeded = conditions.some(needsHost);
  const observed = isNeeded ? await observe(tunnels, context) : new Map<string, ObservedHost>();
  return (condition) => (tunnel, host) => {
    const found = observed.get(host);
    if (found === undefined && needsHost(condition)) return true;
    return holds(condition, factsOf(tunnel, host, { found, groups: context.request.groupsOf(host) }));
  };
}

async function observe(tunnels: readonly Tunnel[], { request: { base }, world }: PlayContext): Promise<ReadonlyMap<string, ObservedHost>> {
  const request = { ...base, command: 'plan' as const, tunnels, runId: world.newRunId() };
  const group = { hosts: hostsOf(tunnels), tunnels };
  const crew = successes(await gather(group, { request, world: { ...world, report: () => undefined } }, pLimit(base.forks)));
  await Promise.all([...crew.values()].map(({ session }) => session.close()));
  return observedIn(crew);
}

function factsOf(
  { name, mode, tags, endpoints }: Tunnel,
  host: string,
  { found, groups }: { readonly found: ObservedHost | undefined; readonly groups: readonly string[] },
): EndFacts {
  const own = endpoints.find((end) => end.host === host);
  return {
    host,
    peer: endpoints.find((end) => end !== own)?.host ?? host,
    tunnel: name,
    mode,
    tags,
    groups,
    kernel: found?.kernelRelease ?? '',
    programs: [...(found?.programs ?? [])],
    exists: own !== undefined && linkOn(found?.links ?? [], own.device) !== undefined,
  };
}

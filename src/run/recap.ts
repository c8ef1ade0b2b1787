import type { HostRecap, Recap, TunnelOutcome, TunnelRecap, TunnelSummary } from './events.ts';

/** What the whole run comes to: exit codes are those of SPEC section 3, the gravest first. */
export function exitCodeOf(
  tunnels: readonly TunnelRecap[],
  {
    isInterrupted,
    hasUnreachableHost,
    hasDetailedExitCode,
  }: { readonly isInterrupted: boolean; readonly hasUnreachableHost: boolean; readonly hasDetailedExitCode: boolean },
): number {
  const has = (outcome: TunnelOutcome) => tunnels.some((tunnel) => tunnel.outcome === outcome);
  if (has('rollback-incomplete')) return 5;
  if (isInterrupted && !tunnels.every(({ outcome }) => outcome === 'ok' || outcome === 'changed')) return 130;
  if (has('rolled-back') || has('failed')) return 1;
  if (has('unreachable') || hasUnreachableHost) return 4;
  if (has('degraded')) return 6;
  return has('pending') && hasDetailedExitCode ? 2 : 0;
}

export interface RecapParts {
  readonly tunnels: readonly Pick<TunnelSummary, 'name' | 'hosts'>[];
  readonly recaps: readonly TunnelRecap[];
  readonly unreachableHosts: ReadonlySet<string>;
  readonly loadedModules: ReadonlyMap<string, readonly string[]>;
  readonly elapsedMs: number;
  readonly exitCode: number;
}

/** Counts each host's ends of tunnels by what became of them. */
export function recapOf({ tunnels, recaps, unreachableHosts, loadedModules, elapsedMs, exitCode }: RecapParts): Recap {
  const outcomes = new Map(recaps.map(({ tunnel, outcome }) => [tunnel, outcome]));
  const hosts = [...new Set(tunnels.flatMap((tunnel) => tunnel.hosts))];
  const byHost = new Map(hosts.map((host) => [host, [] as TunnelOutcome[]]));
  for (const { name, hosts: ends } of tunnels) for (const host of new Set(ends)) byHost.get(host)?.push(outcomes.get(name) ?? 'failed');
  return {
    exitCode,
    elapsedMs,
    tunnels: recaps,
    hosts: hosts.map((host) =>
      hostRecap(host, byHost.get(host) ?? [], { isUnreachable: unreachableHosts.has(host), loadedModules: loadedModules.get(host) ?? [] }),
    ),
  };
}

function hostRecap(host: string, outcomes: readonly TunnelOutcome[], rest: Pick<HostRecap, 'isUnreachable' | 'loadedModules'>): HostRecap {
  const count = (...wanted: readonly TunnelOutcome[]) => outcomes.filter((outcome) => wanted.includes(outcome)).length;
  return {
    host,
    ok: count('ok', 'pending', 'degraded'),
    changed: count('changed'),
    failed: count('failed', 'rollback-incomplete'),
    rolledBack: count('rolled-back'),
    ...rest,
  };
}

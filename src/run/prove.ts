import type { ObservedHost } from '../domain/observed.ts';
import type { TunnelPlan } from '../plan/plan-tunnel.ts';
import { compareSnapshots, type SnapshotDifference } from '../plan/snapshot.ts';

/** What is not as it was before the run, of what this tunnel's steps touch on one host. */
export function unproved(
  plan: TunnelPlan,
  host: string,
  states: { readonly before: ObservedHost; readonly after: ObservedHost },
): readonly SnapshotDifference[] {
  const touched = touchedBy(plan, host);
  return compareSnapshots(states.before, states.after).filter(({ belongsTo }) => touched.has(belongsTo));
}

/** Devices of the tunnel on this host, and sysctls that its steps set. */
function touchedBy({ tunnel, steps }: TunnelPlan, host: string): ReadonlySet<string> {
  const devices = tunnel.endpoints.filter((end) => end.host === host).map(({ device }) => device);
  const sysctls = steps
    .filter((step) => step.host === host)
    .flatMap(({ forward }) =>
      forward.flatMap((operation) => (operation.kind === 'set-sysctl' || operation.kind === 'release-forwarding' ? [operation.path] : [])),
    );
  return new Set([...devices, ...sysctls]);
}

import { reqidOf } from '../domain/ipsec.ts';
import type { ObservedHost } from '../domain/observed.ts';
import { stagedPath } from '../domain/persistence.ts';
import { isHeldOn } from '../plan/forwarding.ts';
import type { TunnelPlan } from '../plan/plan-tunnel.ts';
import { compareSnapshots, ipsecOwner, type SnapshotDifference } from '../plan/snapshot.ts';

/** What is not as it was before the run, of what this tunnel's steps touch on one host and no tunnel that stays needs. */
export function unproved(
  plan: TunnelPlan,
  host: string,
  states: { readonly before: ObservedHost; readonly after: ObservedHost },
): readonly SnapshotDifference[] {
  const touched = touchedBy(plan, host);
  return compareSnapshots(states.before, states.after).filter(({ belongsTo }) => touched.has(belongsTo) && !isHeldOn(belongsTo, states.after));
}

/** Devices of the tunnel on this host, what protects it, those whose routes its addresses hold, and sysctls and files that its steps set. */
function touchedBy({ tunnel, steps }: TunnelPlan, host: string): ReadonlySet<string> {
  const devices = tunnel.endpoints.filter((end) => end.host === host).map(({ device }) => device);
  const operations = steps.filter((step) => step.host === host).flatMap(({ forward, inverse, final = [] }) => [...forward, ...inverse, ...final]);
  const others = operations.flatMap((operation) => {
    if (operation.kind === 'set-sysctl' || operation.kind === 'release-forwarding') return [operation.path];
    if (operation.kind === 'stage-file') return [operation.file.path, stagedPath(operation.file.path)];
    if (operation.kind === 'remove-file') return [operation.path];
    return operation.kind === 'add-route' ? [operation.route.device] : [];
  });
  return new Set([...devices, ipsecOwner(reqidOf(tunnel.name)), ...others]);
}

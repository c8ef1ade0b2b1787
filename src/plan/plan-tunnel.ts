import type { Endpoint } from '../domain/endpoint.ts';
import type { DrawnKeys } from '../domain/ipsec.ts';
import type { ObservedHost } from '../domain/observed.ts';
import { linkOn } from '../domain/observed-index.ts';
import type { Problem } from '../domain/problem.ts';
import type { Tunnel, TunnelEnd } from '../domain/tunnel.ts';
import { planAssociations, type Situated } from './associations.ts';
import { fromBehindNat } from './behind-nat.ts';
import type { PlannedChange } from './change.ts';
import { type ForeignDevices, findConflicts } from './conflicts.ts';
import type { Step } from './operation.ts';
import { join, type Part } from './part.ts';
import { planEndpoint } from './plan-endpoint.ts';
import { planIpsec } from './plan-ipsec.ts';
import { isReplaced, linkSpec } from './plan-link.ts';
import { planRemoval } from './plan-removal.ts';
import { withShares } from './shares.ts';
import { findMissingSupport } from './support.ts';
import { type HostAddresses, resolveEndpoints } from './underlay.ts';

/** What a run will do for one tunnel: nothing, steps on its hosts, or nothing because of problems. */
export interface TunnelPlan {
  readonly tunnel: Tunnel;
  /** Known for a tunnel that is to be present and could be resolved. */
  readonly endpoints?: readonly [Endpoint, Endpoint];
  readonly changes: readonly PlannedChange[];
  readonly steps: readonly Step[];
  /** Found before anything was changed: the tunnel is left alone. */
  readonly problems: readonly Problem[];
}

export interface Observation {
  readonly hosts: ReadonlyMap<string, ObservedHost>;
  readonly addresses: HostAddresses;
  /** What to do with a device of the right name that tunorch did not make; `adopt` shows what taking it over changes. */
  readonly foreignDevices: ForeignDevices;
  readonly keys: KeyChoice;
}

/** For tunnels with `ipsec`. */
export interface KeyChoice {
  /** By tunnel. */
  readonly drawn: ReadonlyMap<string, DrawnKeys>;
  /** Whether they take the place of those that are in use, though nothing is wrong with these. */
  readonly isRenewed: boolean;
}

/** Plans a tunnel to be present on both its hosts. */
export function planPresence(tunnel: Tunnel, { hosts, addresses, foreignDevices, keys }: Observation): TunnelPlan {
  const resolution = resolveEndpoints(tunnel, hosts, addresses);
  if ('problems' in resolution) return refused(tunnel, [...missingSupport(tunnel, hosts), ...resolution.problems]);
  const endpoints = renewedTogether(resolution.endpoints, hosts);
  const [first, second] = endpoints;
  const pairs = [situated(first, hosts), situated(second, hosts)] as const;
  const problems = [
    ...missingSupport(tunnel, hosts),
    ...pairs.flatMap(({ endpoint, observed }) => findConflicts(endpoint, observed, foreignDevices)),
  ];
  if (problems.length > 0) return { ...refused(tunnel, problems), endpoints };
  return { tunnel, endpoints, ...join(planEnds(tunnel, pairs, keys)), problems: [] };
}

function situated(endpoint: Endpoint, hosts: ReadonlyMap<string, ObservedHost>): Situated {
  return withShares({ endpoint, observed: observedOn(endpoint, hosts) });
}

/** Both ends, each with what protects it around it. */
function planEnds(tunnel: Tunnel, pairs: readonly [Situated, Situated], { drawn, isRenewed }: KeyChoice): readonly Part[] {
  const [first, second] = pairs;
  const [here, there] = planAssociations(pairs, { drawn: drawn.get(tunnel.name), isRenewed });
  return fromBehindNat(tunnel, [
    { endpoint: first.endpoint, part: planEndpoint(first.endpoint, first.observed, planIpsec(first, here)) },
    { endpoint: second.endpoint, part: planEndpoint(second.endpoint, second.observed, planIpsec(second, there)) },
  ]);
}

/**
 * With sequence numbers both ends are made anew, or neither: one that counts from 0 again is behind what its peer has seen, and
 * the peer drops all it sends until it has caught up (RFC 2890 section 2.2).
 */
function renewedTogether(endpoints: readonly [Endpoint, Endpoint], hosts: ReadonlyMap<string, ObservedHost>): readonly [Endpoint, Endpoint] {
  const isNew = (endpoint: Endpoint) => {
    const found = linkOn(observedOn(endpoint, hosts).links, endpoint.device);
    return found === undefined || isReplaced(linkSpec(endpoint, ''), found);
  };
  const [first, second] = endpoints;
  return first.seq === true && endpoints.some(isNew)
    ? [
        { ...first, isRenewed: true },
        { ...second, isRenewed: true },
      ]
    : endpoints;
}

/** Plans a tunnel to be gone from both its hosts; of a stray, both ends may be one. */
export function planAbsence(tunnel: Tunnel, { hosts }: Pick<Observation, 'hosts'>): TunnelPlan {
  const removals = [...new Map(tunnel.endpoints.map((end) => [end.host, end])).values()].map((end) =>
    planRemoval({ host: end.host, tunnel: tunnel.name }, end, observedOn(end, hosts)),
  );
  const problems = removals.flatMap((removal) => removal.problems);
  if (problems.length > 0) return refused(tunnel, problems);
  return { tunnel, changes: removals.flatMap(({ changes }) => changes), steps: removals.flatMap(({ steps }) => steps), problems: [] };
}

function refused(tunnel: Tunnel, problems: readonly Problem[]): TunnelPlan {
  return { tunnel, changes: [], steps: [], problems };
}

function missingSupport(tunnel: Tunnel, hosts: ReadonlyMap<string, ObservedHost>): readonly Problem[] {
  return tunnel.endpoints.flatMap((end) => findMissingSupport(tunnel, observedOn(end, hosts)));
}

function observedOn({ host }: Pick<TunnelEnd, 'host'>, hosts: ReadonlyMap<string, ObservedHost>): ObservedHost {
  const observed = hosts.get(host);
  if (observed === undefined) throw new Error(`${host} was not observed`);
  return observed;
}

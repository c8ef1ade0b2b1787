import { familyOf } from '../domain/address.ts';
import type { EndpointRoute } from '../domain/endpoint.ts';
import type { ObservedHost, ObservedRoute } from '../domain/observed.ts';
import { routesAt, routesThrough } from '../domain/observed-index.ts';
import { ROUTE_PROTOCOL, routeSlot } from '../domain/route.ts';
import type { Situated } from './associations.ts';
import { asLinkRoute, type LinkRoute, weightOf } from './link-route.ts';
import type { Operation } from './operation.ts';

/**
 * What is wanted and what is there, with every route that others carry too, or are to, told as a share.
 *
 * A route with one nexthop looks like any other, but while this run is under way others may join it: then it can neither be
 * deleted nor written back as if it were this end's alone. And what others share still, an end cannot have for itself.
 */
export function withShares({ endpoint, observed }: Situated): Situated {
  const shared = new Map(
    endpoint.routes.flatMap(({ nexthops, ...route }) => (nexthops === undefined ? [] : [[routeSlot(route), nexthops] as const])),
  );
  const found = routesThrough(observed.routes, endpoint.device).filter(({ nexthops }) => nexthops !== undefined);
  if (shared.size === 0 && found.length === 0) return { endpoint, observed };
  const isComplete = [...shared].every(([slot, declared]) => routesAt(observed.routes, slot).every((route) => asShare(route, declared) === route));
  const own = new Map(found.map((route) => [routeSlot(route), route]));
  return {
    endpoint: { ...endpoint, routes: endpoint.routes.map((route) => asFound(route, own.get(routeSlot(route)))) },
    observed: isComplete ? observed : { ...observed, routes: observed.routes.map((route) => asShare(route, shared.get(routeSlot(route)))) },
  };
}

function asFound(route: EndpointRoute, found: ObservedRoute | undefined): EndpointRoute {
  if (found?.nexthops === undefined || !isOurs(found) || route.nexthops !== undefined) return route;
  const { nexthops, gateway } = found;
  return { ...route, nexthops, ...(gateway === undefined ? {} : { gateway }) };
}

/** The weight of an only nexthop cannot be seen: it counts as what is declared. */
function asShare(route: ObservedRoute, declared: LinkRoute['nexthops']): ObservedRoute {
  if (declared === undefined || !isOurs(route)) return route;
  const { nexthops = [] } = route;
  const missing = declared.filter(({ device }) => !nexthops.some((found) => found.device === device));
  return missing.length === 0 ? route : { ...route, nexthops: [...nexthops, ...missing] };
}

/** With an IPv4 device the kernel deletes every route it is a nexthop of (fib_sync_down_dev()), so it leaves them first. */
export function leaveShares(device: string, { routes }: Pick<ObservedHost, 'routes'>): readonly Operation[] {
  return routesThrough(routes, device)
    .filter((route) => route.nexthops !== undefined && isOurs(route) && familyOf(route.to) === 4)
    .map((route) => ({ kind: 'delete-route', route: asLinkRoute(route) }));
}

/** Whether what is there is not the share that is wanted. */
export function isOtherShare(wanted: LinkRoute, found: ObservedRoute): boolean {
  if (wanted.nexthops === undefined || !isOurs(found)) return false;
  return wanted.gateway !== found.gateway || weightOf(wanted) !== weightOf(found);
}

/** Whether the route is a nexthop of ours beside which the wanted one may stand. */
export function isJoined(wanted: LinkRoute, found: ObservedRoute): boolean {
  return wanted.nexthops !== undefined && isOurs(found);
}

function isOurs({ protocol, type }: ObservedRoute): boolean {
  return protocol === ROUTE_PROTOCOL && type === 'unicast';
}

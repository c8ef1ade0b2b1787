import type { Family, IpAddress, Prefix } from '../domain/address.ts';
import { familyOf } from '../domain/address.ts';
import type { EndpointRoute } from '../domain/endpoint.ts';
import type { ObservedRoute } from '../domain/observed.ts';
import { routesThrough } from '../domain/observed-index.ts';
import { DEFAULT_METRIC, type Nexthop, ROUTE_PROTOCOL } from '../domain/route.ts';

/** A route into a device with all that is needed to write it or to take exactly it away. */
export interface LinkRoute {
  readonly to: Prefix;
  readonly device: string;
  readonly table: number;
  readonly metric: number;
  readonly protocol: string;
  readonly type: string;
  readonly gateway?: IpAddress;
  readonly source?: IpAddress;
  readonly scope?: string;
  /** It is the share of `device` in a route over these. */
  readonly nexthops?: readonly Nexthop[];
}

/** The route tunorch writes for an endpoint. */
export function ownRoute(device: string, { metric, ...route }: EndpointRoute): LinkRoute {
  return { ...route, device, metric: metric ?? DEFAULT_METRIC[familyOf(route.to)], protocol: ROUTE_PROTOCOL, type: 'unicast' };
}

/** Routes that die with a device and have to be written back with it; the kernel's own come back by themselves. */
export function routesToRestore(device: string, routes: readonly ObservedRoute[]): readonly ObservedRoute[] {
  return routesThrough(routes, device).filter(isWritten);
}

/** Of those, the ones of a family that can be written back as they were. */
export function writtenRoutes(device: string, routes: readonly ObservedRoute[], family: Family): readonly LinkRoute[] {
  return routesToRestore(device, routes)
    .filter((route) => route.isRestorable && familyOf(route.to) === family)
    .map(asLinkRoute);
}

/** Somebody wrote it, as against those the kernel makes for an address. */
export function isWritten({ protocol, type }: ObservedRoute): boolean {
  return protocol !== 'kernel' && type === 'unicast';
}

export function asLinkRoute({ isRestorable: _, ...route }: ObservedRoute): LinkRoute {
  return route;
}

/** Its own share; 1 where nobody said. */
export function weightOf({ device, nexthops = [] }: Pick<LinkRoute, 'device' | 'nexthops'>): number {
  return nexthops.find((nexthop) => nexthop.device === device)?.weight ?? 1;
}

import { contains } from '../domain/address.ts';
import { type Endpoint, MAIN_TABLE } from '../domain/endpoint.ts';
import type { ObservedHost, ObservedRoute } from '../domain/observed.ts';
import { routesMeeting } from '../domain/observed-index.ts';
import type { Problem } from '../domain/problem.ts';
import { ROUTE_PROTOCOL } from '../domain/route.ts';

/**
 * Routes that somebody else has within the pool of a mesh, where they meet what this tunnel was given.
 *
 * A route that is wider than the pool is left alone: the pool was cut out of it on purpose, and the more specific one wins.
 */
export function poolConflicts({ host, device, addresses, pool }: Endpoint, { routes }: ObservedHost): readonly Problem[] {
  if (pool === undefined) return [];
  return addresses.flatMap((address) => {
    const other = routesMeeting(routes, address, MAIN_TABLE).find((route) => isForeign(route, device) && contains(pool, route.to));
    return other === undefined ? [] : [inUse({ host, address: address.address, pool }, other)];
  });
}

function isForeign({ protocol, device }: ObservedRoute, own: string): boolean {
  return protocol !== ROUTE_PROTOCOL && device !== own;
}

function inUse({ host, address, pool }: { readonly host: string; readonly address: string; readonly pool: string }, route: ObservedRoute): Problem {
  const way = route.device === '' ? `a route of type ${route.type}` : `${route.device} (proto ${route.protocol})`;
  return {
    code: 'plan.pool-in-use',
    host,
    message: `${route.to} is routed to ${way}, and the mesh gave ${address} of its pool ${pool} to this tunnel`,
    hint: 'Choose a pool that no host of the mesh has routes into, or remove the route.',
  };
}

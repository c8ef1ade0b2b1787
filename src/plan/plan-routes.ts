import { networkOf } from '../domain/address.ts';
import { type Endpoint, MAIN_TABLE } from '../domain/endpoint.ts';
import type { ObservedHost, ObservedRoute } from '../domain/observed.ts';
import { routeText } from './describe.ts';
import { asLinkRoute, type LinkRoute, ownRoute, ROUTE_PROTOCOL, routeSlot } from './link-route.ts';
import type { Step } from './operation.ts';
import { type Owner, type Part, step } from './part.ts';
import { addRoutes } from './restore.ts';

/**
 * Adds the routes that are missing and removes those tunorch made and nobody wants any more; routes of others through
 * the same link (a routing daemon's) stay.
 *
 * @param isFresh - the link is new, replaced, or was down: whatever routes were through it are gone
 */
export function planRoutes(
  owner: Owner,
  endpoint: Endpoint,
  { observed, isFresh }: { readonly observed: ObservedHost; readonly isFresh: boolean },
): Part {
  const present = isFresh ? [] : observed.routes.filter(({ device }) => device === endpoint.device);
  const wanted = wantedRoutes(endpoint);
  const slots = new Set(wanted.map(routeSlot));
  const missing = wanted.filter((route) => !present.some((found) => routeSlot(found) === routeSlot(route)));
  const staying = present.filter((route) => slots.has(routeSlot(route)));
  const surplus = present.filter((route) => route.protocol === ROUTE_PROTOCOL && !slots.has(routeSlot(route))).map(asLinkRoute);
  return {
    changes: [
      ...missing.map((route) => ({ host: owner.host, action: 'add', object: `route ${routeText(route)}` }) as const),
      ...surplus.map((route) => ({ host: owner.host, action: 'remove', object: `route ${routeText(route)}` }) as const),
    ],
    steps: [
      ...surplus.map((route) =>
        step(owner, `remove route ${routeText(route)}`, { forward: [{ kind: 'delete-route', route }], inverse: [{ kind: 'add-route', route }] }),
      ),
      ...missing.map((route) => addition(owner, route, { observed, staying })),
    ],
  };
}

function addition(
  owner: Owner,
  route: LinkRoute,
  { observed, staying }: { readonly observed: ObservedHost; readonly staying: readonly ObservedRoute[] },
): Step {
  const added = step(owner, `add route ${routeText(route)}`, {
    forward: [{ kind: 'add-route', route }],
    inverse: [{ kind: 'delete-route', route }, ...addRoutes(mistakable(route, staying))],
  });
  return takesOver(route, observed) ? { ...added, waitsForPeer: true } : added;
}

/** Packets that cross by another way now would be lost until the peer has its end: they are led here when it has. */
function takesOver({ to, table, metric, device }: LinkRoute, observed: ObservedHost): boolean {
  return observed.routes.some((other) => other.to === to && other.table === table && other.device !== device && other.metric > metric);
}

/** `metric 0` matches any metric when an IPv4 route is deleted (fib_nh_match()): where the route was never added, one of these goes. */
function mistakable({ to, table, metric }: LinkRoute, staying: readonly ObservedRoute[]): readonly LinkRoute[] {
  const isMistaken = (route: ObservedRoute) => route.protocol === ROUTE_PROTOCOL && route.isRestorable && route.to === to && route.table === table;
  return metric === 0 ? staying.filter(isMistaken).map(asLinkRoute) : [];
}

/** Without those the kernel makes by itself for an address in subnet form. */
export function wantedRoutes(endpoint: Endpoint): readonly LinkRoute[] {
  const connected = new Set(
    endpoint.addresses.map(({ address, length, peer }) => routeSlot({ to: networkOf(peer ?? address, length), table: MAIN_TABLE, metric: 0 })),
  );
  return endpoint.routes.map((route) => ownRoute(endpoint.device, route)).filter((route) => !connected.has(routeSlot(route)));
}

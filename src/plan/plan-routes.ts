import { networkOf } from '../domain/address.ts';
import { type Endpoint, MAIN_TABLE } from '../domain/endpoint.ts';
import type { ObservedHost, ObservedLink, ObservedRoute } from '../domain/observed.ts';
import { routesThrough, routesTo } from '../domain/observed-index.ts';
import { ROUTE_PROTOCOL, routeSlot } from '../domain/route.ts';
import type { PlannedChange } from './change.ts';
import { differences, routeText } from './describe.ts';
import { asLinkRoute, type LinkRoute, ownRoute, weightOf } from './link-route.ts';
import type { Operation, Step } from './operation.ts';
import { type Owner, type Part, step } from './part.ts';
import { addRoutes } from './restore.ts';
import { isOtherShare } from './shares.ts';

/**
 * Adds the routes that are missing and removes those tunorch made and nobody wants any more; routes of others through
 * the same link (a routing daemon's) stay.
 *
 * @param kept - the link as it is; left out where it is new or replaced, and whatever routes were through it are gone
 */
export function planRoutes(
  owner: Owner,
  endpoint: Endpoint,
  { observed, kept }: { readonly observed: ObservedHost; readonly kept: ObservedLink | undefined },
): Part {
  const through = kept === undefined ? [] : routesThrough(observed.routes, endpoint.device);
  // What is there although the device is down comes to life with it.
  const present = kept?.isUp === true ? through : through.filter(({ nexthops }) => nexthops !== undefined);
  const wanted = wantedRoutes(endpoint);
  const slots = new Set(wanted.map(routeSlot));
  const missing = wanted.filter((route) => !present.some((found) => routeSlot(found) === routeSlot(route)));
  const staying = present.filter((route) => slots.has(routeSlot(route)));
  const other = wanted.flatMap((route) =>
    staying.filter((found) => routeSlot(found) === routeSlot(route) && isOtherShare(route, found)).map((found) => ({ route, found })),
  );
  const surplus = present.filter((route) => route.protocol === ROUTE_PROTOCOL && !slots.has(routeSlot(route))).map(asLinkRoute);
  return {
    changes: [
      ...missing.map((route) => ({ host: owner.host, action: 'add', object: `route ${routeText(route)}` }) as const),
      ...surplus.map((route) => ({ host: owner.host, action: 'remove', object: `route ${routeText(route)}` }) as const),
      ...other.map(({ route, found }) => changedShare(owner, route, asLinkRoute(found))),
    ],
    steps: [
      ...surplus.map((route) =>
        step(owner, `remove route ${routeText(route)}`, { forward: [{ kind: 'delete-route', route }], inverse: [{ kind: 'add-route', route }] }),
      ),
      ...missing.map((route) => addition(owner, route, { observed, staying })),
      ...other.map(({ route, found }) => exchangeShare(owner, route, asLinkRoute(found))),
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
function takesOver({ metric, device, nexthops, ...route }: LinkRoute, { routes }: ObservedHost): boolean {
  const least = nexthops === undefined ? metric + 1 : metric;
  return routesTo(routes, route).some((other) => other.device !== device && other.metric >= least);
}

function changedShare({ host }: Owner, wanted: LinkRoute, found: LinkRoute): PlannedChange {
  const attributes = (route: LinkRoute) => ({ weight: weightOf(route), ...(route.gateway === undefined ? {} : { via: route.gateway }) });
  const { nexthops: _, gateway: __, ...plain } = wanted;
  return { host, action: 'change', object: `route ${routeText(plain)}`, differences: differences(attributes(found), attributes(wanted)) };
}

function exchangeShare(owner: Owner, wanted: LinkRoute, found: LinkRoute): Step {
  const exchange = (gone: LinkRoute, come: LinkRoute): readonly Operation[] => [
    { kind: 'delete-route', route: gone },
    { kind: 'add-route', route: come },
  ];
  return step(owner, `change route ${routeText(found)} to ${routeText(wanted)}`, {
    forward: exchange(found, wanted),
    inverse: exchange(wanted, found),
  });
}

/** `metric 0` matches any metric when an IPv4 route is deleted (fib_nh_match()): where the route was never added, one of these goes. */
function mistakable({ to, table, metric, nexthops }: LinkRoute, staying: readonly ObservedRoute[]): readonly LinkRoute[] {
  const isMistaken = (route: ObservedRoute) => route.protocol === ROUTE_PROTOCOL && route.isRestorable && route.to === to && route.table === table;
  return metric === 0 && nexthops === undefined ? staying.filter(isMistaken).map(asLinkRoute) : [];
}

/** Without those the kernel makes by itself for an address in subnet form. */
export function wantedRoutes(endpoint: Endpoint): readonly LinkRoute[] {
  const connected = new Set(
    endpoint.addresses.map(({ address, length, peer }) => routeSlot({ to: networkOf(peer ?? address, length), table: MAIN_TABLE, metric: 0 })),
  );
  return endpoint.routes.map((route) => ownRoute(endpoint.device, route)).filter((route) => !connected.has(routeSlot(route)));
}

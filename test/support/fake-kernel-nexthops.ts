import { familyOf } from '../../src/domain/address.ts';
import type { FakeLink, FakeRoute, KernelState } from './fake-kernel-state.ts';

type Family = ReturnType<typeof familyOf>;

/** What makes two routes exclude each other, unless they are nexthops of one. */
export function slotOf({ to, table, metric }: Pick<FakeRoute, 'to' | 'table' | 'metric'>): string {
  return `${to} ${table} ${metric}`;
}

/** The nexthops of one route: IPv4 ones are made together, IPv6 ones are joined where each has a gateway. */
export function nexthopsOf(state: KernelState, route: FakeRoute): readonly FakeRoute[] {
  if (route.weight === undefined) return [route];
  return state.routes.filter((one) => one.weight !== undefined && slotOf(one) === slotOf(route));
}

/** A device that is down leaves a nexthop that is dead, as long as another one lives (fib_sync_down_dev(), fib6_ifdown()). */
export function routesDown(state: KernelState, { device }: FakeLink, families: readonly Family[] = [4, 6]): void {
  const isThrough = (route: FakeRoute) => route.device === device && families.includes(familyOf(route.to));
  for (const route of state.routes.filter(isThrough)) if (nexthopsOf(state, route).length > 1) route.isDead = true;
  state.routes = state.routes.filter((route) =>
    nexthopsOf(state, route).length > 1 ? nexthopsOf(state, route).some(({ isDead }) => isDead !== true) : !isThrough(route),
  );
}

/** With the device goes an IPv4 route with all its nexthops, and of IPv6 the device's own (fib_sync_down_dev(), fib6_ifdown()). */
export function routesGone(state: KernelState, { device }: FakeLink, families: readonly Family[] = [4, 6]): void {
  const isThrough = (route: FakeRoute) => route.device === device && families.includes(familyOf(route.to));
  const isGone = (route: FakeRoute) => isThrough(route) || (familyOf(route.to) === 4 && nexthopsOf(state, route).some(isThrough));
  state.routes = state.routes.filter((route) => !isGone(route));
}

export function routesUp(state: KernelState, { device, isUp }: FakeLink, families: readonly Family[] = [4, 6]): void {
  if (!isUp) return;
  for (const route of state.routes) if (route.device === device && families.includes(familyOf(route.to))) delete route.isDead;
}

/** As if an IPv4 nexthop that is dead were not there: then an only one is a route like any other. */
export function aliveOf(state: KernelState, route: FakeRoute): readonly FakeRoute[] {
  if (familyOf(route.to) === 6 || route.weight === undefined) return [route];
  if (route.isDead === true) return [];
  const { weight: _, ...only } = route;
  return nexthopsOf(state, route).filter(({ isDead }) => isDead !== true).length > 1 ? [route] : [{ ...only, scope: 'link' }];
}

/** `ip -4 -o route show exact TO table T proto P`, a line each; undefined for any other question. */
export function routeLines(state: KernelState, words: readonly string[]): string | undefined {
  const [object, verb, exact, to, , table, , protocol] = words;
  if (object !== 'route' || verb !== 'show' || exact !== 'exact' || protocol === undefined) return undefined;
  const found = state.routes.filter((route) => route.to === to && String(route.table) === table && route.protocol === protocol);
  const firsts = found.filter((route) => nexthopsOf(state, route)[0] === route);
  return firsts.map((route) => `${lineOf(route, nexthopsOf(state, route))}\n`).join('');
}

function lineOf({ to, device, metric }: FakeRoute, nexthops: readonly FakeRoute[]): string {
  const priority = metric === 0 ? '' : `metric ${metric} `;
  if (nexthops.length === 1) return `${to} dev ${device} scope link ${priority}`;
  const ways = nexthops.map((one) => `\\\tnexthop dev ${one.device} weight ${one.weight} ${one.isDead === true ? 'dead linkdown ' : ''}`);
  return `${to} ${priority}${ways.join('')}`;
}

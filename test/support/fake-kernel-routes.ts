import { bitsOf, contains, familyOf, networkOf, parseAddress, parsePrefix } from '../../src/domain/address.ts';
import { nexthopsOf, slotOf } from './fake-kernel-nexthops.ts';
import { kernelRoutes } from './fake-kernel-own-routes.ts';
import {
  type FakeLink,
  type FakeRoute,
  garbage,
  hasIpv6,
  type KernelState,
  kernelRefuses,
  linkNamed,
  Refusal,
  type Words,
} from './fake-kernel-state.ts';

const MAIN = 254;
const TABLES: Readonly<Record<string, number>> = { default: 253, main: MAIN, local: 255 };

/** Every route of the host, its own and the kernel's. */
export function allRoutes(state: KernelState): readonly FakeRoute[] {
  return [...state.routes, ...kernelRoutes(state)];
}

interface Asked {
  to: string;
  device?: string;
  gateway?: string;
  source?: string;
  table: number;
  metric?: number;
  protocol?: string;
  scope?: string;
  weight?: number;
  /** What is said behind `nexthop`, each time. */
  nexthops: { device?: string; gateway?: string; weight?: number }[];
}

/** `ip route add PREFIX [via G] dev N [table T] [metric M] [proto P] [src S] [scope S]` */
export function addRoute(state: KernelState, words: Words): void {
  const routes = routesFrom(state, words);
  if (allRoutes(state).some((other) => routes.some((route) => slotOf(other) === slotOf(route)))) throw kernelRefuses('File exists');
  state.routes.push(...routes);
}

/** `ip route replace PREFIX … nexthop dev N weight W …`: the first route of the slot goes, with all its nexthops. */
export function replaceRoute(state: KernelState, words: Words): void {
  const routes = routesFrom(state, words);
  state.routes = state.routes.filter((other) => !routes.some((route) => slotOf(other) === slotOf(route)));
  state.routes.push(...routes);
}

/** `ip -6 route append PREFIX …`: beside what is there, unless it is the same. */
export function appendRoute(state: KernelState, words: Words): void {
  const routes = routesFrom(state, words);
  const isSame = (one: FakeRoute, other: FakeRoute) => slotOf(one) === slotOf(other) && one.device === other.device && one.gateway === other.gateway;
  if (state.routes.some((other) => routes.some((route) => isSame(route, other)))) throw kernelRefuses('File exists');
  state.routes.push(...routes);
}

/** One for each nexthop. */
function routesFrom(state: KernelState, words: Words): readonly FakeRoute[] {
  const { nexthops, ...asked } = read(words);
  const ways = nexthops.length === 0 ? [asked] : nexthops.map((nexthop) => ({ ...asked, ...nexthop }));
  if (familyOf(asked.to) === 6 && nexthops.some(({ gateway }) => gateway === undefined))
    throw new Refusal('Error: Device only routes can not be added for IPv6 using the multipath API.');
  return ways.map((way) => routeFrom(state, { ...way, scope: nexthops.length === 0 ? scopeOf(way) : 'global' }));
}

function routeFrom(state: KernelState, asked: Omit<Asked, 'nexthops'> & { readonly scope: string }): FakeRoute {
  const link = linkNamed(state, asked.device ?? '');
  checkNexthop(state, link, asked);
  const { device: _, gateway, source, ...rest } = asked;
  return {
    ...rest,
    type: 'unicast',
    device: link.device,
    ...(gateway === undefined ? {} : { gateway }),
    ...(source === undefined ? {} : { source }),
    metric: asked.metric || (familyOf(asked.to) === 4 ? 0 : 1024),
    protocol: asked.protocol ?? 'boot',
  };
}

function checkNexthop(state: KernelState, link: FakeLink, { to, gateway, source }: Omit<Asked, 'nexthops'>): void {
  const isIpv4 = familyOf(to) === 4;
  if (!isIpv4 && !hasIpv6(link)) throw kernelRefuses('No such device');
  if (!link.isUp) throw new Refusal(isIpv4 ? 'Error: Device for nexthop is not up.' : 'Error: Nexthop device is not up.');
  if (gateway !== undefined && !isOnLink(state, link, gateway)) throw new Refusal('Error: Nexthop has invalid gateway.');
  if (source !== undefined && !isOwn(state, source)) throw new Refusal(`Error: Invalid ${isIpv4 ? 'prefsrc' : 'source'} address.`);
}

/** iproute2 says `link` for a route without a gateway; IPv6 knows no scopes. */
function scopeOf({ to, gateway, scope }: Omit<Asked, 'nexthops'>): string {
  if (familyOf(to) === 6) return 'global';
  return scope ?? (gateway === undefined ? 'link' : 'global');
}

/**
 * `ip route delete PREFIX …`: the first route that does not differ from what was said.
 *
 * A metric of 0 says nothing: of several IPv4 routes the one with the lowest metric goes (fib_nh_match()).
 */
export function deleteRoute(state: KernelState, words: Words): void {
  const asked = read(words);
  if (asked.device !== undefined) linkNamed(state, asked.device);
  const differs = (name: 'device' | 'gateway' | 'source' | 'protocol' | 'scope', route: FakeRoute) =>
    asked[name] !== undefined && asked[name] !== route[name];
  const candidates = state.routes.filter(
    (route) =>
      route.to === asked.to &&
      route.table === asked.table &&
      !(['device', 'gateway', 'source', 'protocol', 'scope'] as const).some((name) => differs(name, route)) &&
      (asked.metric === undefined || asked.metric === 0 || asked.metric === route.metric),
  );
  const [gone] = candidates.toSorted((a, b) => a.metric - b.metric);
  if (gone === undefined) throw kernelRefuses('No such process');
  const all = familyOf(gone.to) === 4 ? nexthopsOf(state, gone) : [gone];
  state.routes = state.routes.filter((route) => !all.includes(route));
}

function isOnLink(state: KernelState, link: FakeLink, gateway: string): boolean {
  return allRoutes(state).some(
    (route) => route.device === link.device && route.gateway === undefined && route.type === 'unicast' && contains(route.to, gateway),
  );
}

export function isOwn(state: KernelState, wanted: string): boolean {
  return state.links.some(({ addresses }) => addresses.some(({ address }) => address === wanted));
}

/** Where a packet would go, by longest prefix and then by metric; undefined where there is no way. */
export function lookup(
  state: KernelState,
  question: { readonly to: string; readonly from?: string },
): { readonly device: string; readonly source?: string; readonly route: FakeRoute } | undefined {
  if (question.from !== undefined && !isOwn(state, question.from)) return undefined;
  for (const table of [255, MAIN, 253]) {
    const [best] = allRoutes(state)
      .filter(
        (route) =>
          route.isDead !== true &&
          route.table === table &&
          ['unicast', 'local', 'unreachable', 'blackhole'].includes(route.type) &&
          contains(route.to, question.to),
      )
      .toSorted((a, b) => lengthOf(b.to) - lengthOf(a.to) || a.metric - b.metric);
    if (best === undefined) continue;
    if (best.type === 'unreachable' || best.type === 'blackhole') return undefined;
    const source = question.from ?? best.source ?? sourceOn(state, best);
    return { device: best.type === 'local' ? 'lo' : best.device, route: best, ...(source === undefined ? {} : { source }) };
  }
  return undefined;
}

function sourceOn(state: KernelState, { device, to, gateway }: FakeRoute): string | undefined {
  const own = state.links.find((link) => link.device === device)?.addresses.filter(({ address }) => familyOf(address) === familyOf(to)) ?? [];
  const near = own.find(({ address, length, peer }) => gateway !== undefined && contains(networkOf(peer ?? address, length), gateway));
  return (near ?? own.find(({ scope, isSecondary }) => scope === 'global' && !isSecondary) ?? own[0])?.address;
}

function lengthOf(prefix: string): number {
  return Number(prefix.split('/')[1]);
}

function read(words: Words): Asked {
  const asked: Asked = { to: destination(words.next()), table: MAIN, nexthops: [] };
  const way = () => asked.nexthops.at(-1) ?? asked;
  const take: Readonly<Record<string, () => unknown>> = {
    nexthop: () => asked.nexthops.push({}),
    weight: () => Object.assign(way(), { weight: words.nextNumber('weight') }),
    via: () => Object.assign(way(), { gateway: parseAddress(words.next()) ?? '' }),
    dev: () => Object.assign(way(), { device: words.next() }),
    table: () => Object.assign(asked, { table: tableOf(words.next()) }),
    metric: () => Object.assign(asked, { metric: words.nextNumber('metric') }),
    proto: () => Object.assign(asked, { protocol: words.next() }),
    src: () => Object.assign(asked, { source: parseAddress(words.next()) ?? '' }),
    scope: () => Object.assign(asked, { scope: words.next() }),
  };
  while (!words.isEmpty) {
    const word = words.next();
    if (take[word] === undefined) throw garbage(word);
    take[word]();
  }
  return asked;
}

function tableOf(word: string): number {
  return TABLES[word] ?? Number(word);
}

function destination(text: string): string {
  const address = parseAddress(text);
  const prefix = address === undefined ? parsePrefix(text) : `${address}/${bitsOf(familyOf(address))}`;
  if (prefix === undefined) throw new Refusal('Error: Invalid prefix for given prefix length.');
  return prefix;
}

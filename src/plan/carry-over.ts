import { contains, familyOf, networkOf, type Prefix } from '../domain/address.ts';
import type { Endpoint } from '../domain/endpoint.ts';
import type { ObservedHost, ObservedLink } from '../domain/observed.ts';
import { ROUTE_PROTOCOL, routeSlot } from '../domain/route.ts';
import type { ModeName } from '../domain/tunnel.ts';
import { modeOf } from '../modes/index.ts';
import { LEAST_IPV6_MTU_BYTES } from '../modes/sizes.ts';
import type { PlannedChange } from './change.ts';
import { addressText, routeText } from './describe.ts';
import { asLinkRoute, type LinkRoute, routesToRestore } from './link-route.ts';
import type { LinkSpec } from './operation.ts';
import { type Owner, type Part, step } from './part.ts';
import { wantedRoutes } from './plan-routes.ts';
import { addRoutes, routesLeftWithout, setLink, sysctlsOf } from './restore.ts';

interface Replacement {
  readonly found: ObservedLink;
  readonly observed: ObservedHost;
}

/**
 * What others set on a link goes over to the one that takes its place: a VRF, multicast for a routing daemon, a reverse path filter.
 *
 * Undone by itself, since the new link goes and the old one comes back with all it had. The group is tunorch's own mark.
 */
export function carriedSettings(owner: Owner, wanted: LinkSpec, { found, observed }: Replacement): Part {
  const { device, mode } = wanted;
  const settings = Object.entries(found.settings ?? {}).filter(([name]) => name !== 'group');
  const canHave = ([name]: readonly [string, string]) => isOfOneSort(found.mode, mode) || OF_EVERY_LINK.has(name);
  const lost = settings.filter((setting) => !canHave(setting) && setting[0] !== 'address');
  const forward = [
    ...settings.filter(canHave).map(([name, value]) => setLink(device, name, value)),
    ...sysctlsOf(device, observed).filter(({ path }) => isThere(path, wanted)),
  ];
  return {
    changes: lost.map(([name, value]) => ({ host: owner.host, action: 'remove', object: `${name} ${value} on ${device}` })),
    steps: forward.length === 0 ? [] : [step(owner, `keep what was set on ${device}`, { forward, inverse: [] })],
  };
}

/** Ethernet takes the place of Ethernet: neighbours that know the address of the old link know the new one too. */
function isOfOneSort(one: ModeName | undefined, other: ModeName): boolean {
  return one !== undefined && (one === other || (modeOf(one).isEthernet && modeOf(other).isEthernet));
}

/** A link of another kind may be unable to lie in a bridge, to answer ARP, or to have a hardware address. */
const OF_EVERY_LINK = new Set(['txqueuelen', 'multicast', 'allmulticast', 'promisc', 'vrf']);

/** Below 1280 bytes a link has no IPv6, and no settings of it (RFC 8200 section 5). */
function isThere(path: string, { mtuBytes }: LinkSpec): boolean {
  return mtuBytes >= LEAST_IPV6_MTU_BYTES || !path.startsWith('net/ipv6/');
}

/**
 * Routes that others wrote go over to the new link as well, those of other links with one of its addresses as source too.
 *
 * What the new link cannot carry, and what of ours nobody wants any more, is named as removed.
 */
export function planCarriedRoutes(owner: Owner, endpoint: Endpoint, { found, observed }: Replacement): Part {
  const wanted = wantedRoutes(endpoint);
  const slots = new Set(wanted.map(routeSlot));
  const through = routesToRestore(found.device, observed.routes)
    .filter((route) => !slots.has(routeSlot(route)))
    .map(asLinkRoute);
  const others = through.filter((route) => route.protocol !== ROUTE_PROTOCOL && canCarry(endpoint, route));
  const ways = [...wanted, ...others.filter(({ gateway }) => gateway === undefined)].map(({ to }) => to);
  const elsewhere = routesLeftWithout(found, observed);
  const carried = [...others.filter((route) => isReached(route, endpoint, ways)), ...elsewhere.filter((route) => hasSource(endpoint, route))];
  const gone = [...through, ...elsewhere].filter((route) => !carried.includes(route));
  const texts = new Set(endpoint.addresses.map(addressText));
  const addressesGone = found.addresses.filter((address) => !address.isKernelMade && !texts.has(addressText(address)));
  return {
    changes: [
      ...addressesGone.map(
        (address) => ({ host: owner.host, action: 'remove', object: `address ${addressText(address)} on ${found.device}` }) as const,
      ),
      ...gone.map(removed(owner)),
      ...carried.map((route) => ({ host: owner.host, action: 'add', object: `route ${routeText(route)}` }) as const),
    ],
    steps: addRoutes(carried).map((operation) => step(owner, `keep route ${routeText(operation.route)}`, { forward: [operation], inverse: [] })),
  };
}

/** Below 1280 bytes a link has no IPv6 (RFC 8200 section 5). */
function canCarry(endpoint: Endpoint, route: LinkRoute): boolean {
  const family = familyOf(route.to);
  return (
    modeOf(endpoint.mode).inner(endpoint).includes(family) &&
    (family === 4 || endpoint.mtuBytes >= LEAST_IPV6_MTU_BYTES) &&
    hasSource(endpoint, route)
  );
}

function hasSource({ addresses }: Endpoint, { source }: LinkRoute): boolean {
  return source === undefined || addresses.some(({ address }) => address === source);
}

/** The kernel takes a gateway only where a route leads to it already (net/ipv4/fib_semantics.c, fib_check_nh()). */
function isReached({ gateway }: LinkRoute, { addresses }: Endpoint, ways: readonly Prefix[]): boolean {
  const networks = [...addresses.map(({ address, length, peer }) => networkOf(peer ?? address, length)), ...ways];
  return gateway === undefined || networks.some((network) => contains(network, gateway));
}

export function removed({ host }: Owner): (route: LinkRoute) => PlannedChange {
  return (route) => ({ host, action: 'remove', object: `route ${routeText(route)}` });
}

import { bitsOf, familyOf, type InterfaceAddress, type IpAddress, networkOf, type Prefix } from './address.ts';
import { indexed, indexedByNetwork, inOrder, onceFor } from './indexed.ts';
import type { ObservedAddress, ObservedLink, ObservedRoute } from './observed.ts';
import { routeSlot } from './route.ts';
import type { InnerAddress } from './tunnel.ts';

const linksCalled = indexed(({ device }: ObservedLink) => [device]);

export function linkOn(links: readonly ObservedLink[], device: string): ObservedLink | undefined {
  return linksCalled(links, device)[0];
}

/** Links that have an address of this text, whoever made it. */
export const linksWith = indexed(({ addresses }: ObservedLink) => addresses.map(({ address }) => address));

/** Links that lie on the device of this name. */
export const linksAbove = indexed(({ over, attributes }: ObservedLink) => [over, attributes.dev].filter((one) => typeof one === 'string'));

const linksFromTo = indexed(({ attributes }: ObservedLink) => [`${attributes.local} ${attributes.remote}`]);

/** Links between two outer addresses. */
export function linksBetween(links: readonly ObservedLink[], local: IpAddress, remote: IpAddress): readonly ObservedLink[] {
  return linksFromTo(links, `${local} ${remote}`);
}

export const routesThrough = indexed(({ device }: ObservedRoute) => [device]);

/** Routes by {@link routeSlot}. */
export const routesAt = indexed((route: ObservedRoute) => [routeSlot(route)]);

/** Routes by the source they carry. */
export const routesFrom = indexed(({ source }: ObservedRoute) => (source === undefined ? [] : [source]));

const routesInTable = indexed(({ to, table }: ObservedRoute) => [`${table} ${to}`]);

/** Routes of one table to exactly this network. */
export function routesTo(routes: readonly ObservedRoute[], { to, table }: Pick<ObservedRoute, 'to' | 'table'>): readonly ObservedRoute[] {
  return routesInTable(routes, `${table} ${to}`);
}

const routesByNetwork = indexedByNetwork(({ to, table }: ObservedRoute) => ({ network: to, realm: table }));

/** Routes of one table that lead to this address, the longest prefix first. */
export function routesToward(routes: readonly ObservedRoute[], target: IpAddress, table: number): readonly ObservedRoute[] {
  return routesByNetwork.around(routes, target, table);
}

/** Routes of one table that share addresses with the network of this one. */
export function routesMeeting(routes: readonly ObservedRoute[], { address, length }: InterfaceAddress, table: number): readonly ObservedRoute[] {
  const within = routesByNetwork.within(routes, networkOf(address, length), table);
  return inOrder(routes, [...routesToward(routes, address, table), ...within]);
}

/** An address that somebody wrote, with the link that has it. */
interface WrittenAddress extends ObservedAddress {
  readonly link: ObservedLink;
}

const written = onceFor((links: readonly ObservedLink[]) =>
  links.flatMap((link) => link.addresses.filter(({ isKernelMade }) => !isKernelMade).map((address): WrittenAddress => ({ ...address, link }))),
);
const subnets = onceFor((links: readonly ObservedLink[]) => written(links).filter(isSubnet));
const addressesCalled = indexed(({ address }: WrittenAddress) => [address]);
const addressesByPlace = indexedByNetwork(({ address }: WrittenAddress) => ({ network: address }));
const addressesBySubnet = indexedByNetwork(({ address, length }: WrittenAddress) => ({ network: `${address}/${length}` }));

/** Addresses that somebody wrote and that lie in this network. */
export function addressesIn(links: readonly ObservedLink[], network: Prefix): readonly WrittenAddress[] {
  return addressesByPlace.within(written(links), network);
}

/** Addresses that somebody wrote and that no other link can have: the same one, or of a subnet with addresses in common. */
export function addressesMeeting(links: readonly ObservedLink[], wanted: InnerAddress): readonly WrittenAddress[] {
  const { address, length } = wanted;
  const [all, own] = [written(links), subnets(links)];
  const met = isSubnet(wanted) ? [...addressesBySubnet.around(own, address), ...addressesBySubnet.within(own, networkOf(address, length))] : [];
  return inOrder(all, [...addressesCalled(all, address), ...met]);
}

function isSubnet({ address, length, peer }: InnerAddress): boolean {
  return peer === undefined && length < bitsOf(familyOf(address));
}

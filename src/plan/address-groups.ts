import { familyOf, networkOf } from '../domain/address.ts';
import type { ObservedHost } from '../domain/observed.ts';
import type { InnerAddress } from '../domain/tunnel.ts';
import { writtenRoutes } from './link-route.ts';
import type { Operation, Step } from './operation.ts';
import { type Owner, step } from './part.ts';
import { addRoutes, routesLostWith } from './restore.ts';

/**
 * Addresses of one link that the kernel keeps together: IPv4 ones of one network, of which the first is the primary, and
 * IPv6 ones of the same address, of which there can be only one (net/ipv4/devinet.c, net/ipv6/addrconf.c).
 */
export interface AddressGroup {
  readonly name: string;
  readonly kept: readonly InnerAddress[];
  readonly added: readonly InnerAddress[];
  readonly removed: readonly InnerAddress[];
  /** In the order of the kernel: the others of an IPv4 network hang on its first. */
  readonly was: readonly InnerAddress[];
}

/** @param present - in the order of the kernel, primaries first */
export function groupsOf(present: readonly InnerAddress[], wanted: readonly InnerAddress[]): readonly AddressGroup[] {
  const names = [...new Set([...present, ...wanted].map(groupName))];
  return names.map((name) => {
    const was = present.filter((address) => groupName(address) === name);
    const is = wanted.filter((address) => groupName(address) === name);
    const kept = was.filter((address) => is.some((one) => isSame(one, address)));
    const removed = was.filter((address) => !kept.includes(address));
    const added = is.filter((address) => !kept.some((one) => isSame(one, address)));
    return { name, was, kept, added, removed };
  });
}

function groupName({ address, length, peer }: InnerAddress): string {
  return familyOf(address) === 6 ? address : networkOf(peer ?? address, length);
}

function isSame(one: InnerAddress, other: InnerAddress): boolean {
  return one.address === other.address && one.length === other.length && one.peer === other.peer;
}

/** Whether a group cannot be changed address by address: its first one goes and others stay or come, or two cannot be side by side. */
export function isExchange(group: AddressGroup): boolean {
  return (losesFirst(group) && group.kept.length + group.added.length > 0) || colliding(group.added, group.removed).length > 0;
}

function losesFirst({ was, removed }: AddressGroup): boolean {
  return removed[0] !== undefined && removed[0] === was[0];
}

interface Place {
  readonly owner: Owner;
  readonly device: string;
  readonly observed: ObservedHost;
  readonly present: readonly InnerAddress[];
}

/**
 * Changes a whole group in one step.
 *
 * Deleting the first address of an IPv4 network takes the others of it along unless they are promoted (ip-sysctl.rst), so
 * promotion is on meanwhile. On the way back the others are written anew behind the old first one, since it is
 * the first one whose address the kernel's own route carries as source.
 */
export function exchangeStep(group: AddressGroup, { owner, device, observed, present }: Place): Step {
  const { name, was, added, removed } = group;
  const lost = [...(isOnly(group, present) ? writtenRoutes(device, observed.routes, 4) : []), ...routesLostWith(was, observed)];
  const add = (addresses: readonly InnerAddress[]) => addresses.map((address): Operation => ({ kind: 'add-address', device, address }));
  const remove = (addresses: readonly InnerAddress[]) => addresses.map((address): Operation => ({ kind: 'delete-address', device, address }));
  const behind = losesFirst(group) ? was.slice(1).flatMap((address) => [...remove([address]), ...add([address])]) : [];
  const exchange = (gone: readonly InnerAddress[], come: readonly InnerAddress[]) => [
    ...add(come.filter((address) => !colliding(come, gone).includes(address))),
    ...remove(gone),
    ...add(colliding(come, gone)),
  ];
  const [on, off] = promotion(name, device, observed);
  return step(owner, `exchange addresses of ${name} on ${device}`, {
    forward: [...on, ...exchange(removed, added), ...off, ...(isOnly(group, present) ? addRoutes(writtenRoutes(device, observed.routes, 4)) : [])],
    inverse: [...on, ...exchange(added, removed), ...behind, ...off, ...addRoutes(lost)],
  });
}

/** Those of `some` the kernel refuses while `others` are there. */
function colliding(some: readonly InnerAddress[], others: readonly InnerAddress[]): readonly InnerAddress[] {
  return some.filter(({ address }) => others.some((other) => other.address === address));
}

/** Whether the link is for a moment without any IPv4 address. */
function isOnly({ added, removed, kept }: AddressGroup, present: readonly InnerAddress[]): boolean {
  const isLast = present.every((address) => familyOf(address.address) === 6 || removed.includes(address));
  return isLast && kept.length === 0 && colliding(added, removed).length === added.length && removed.some(({ address }) => familyOf(address) === 4);
}

function promotion(name: string, device: string, { sysctls }: ObservedHost): readonly [readonly Operation[], readonly Operation[]] {
  const path = (place: string) => `net/ipv4/conf/${place}/promote_secondaries`;
  const isOn = ['all', device].some((place) => sysctls.get(path(place)) === '1');
  if (isOn || familyOf(name) === 6) return [[], []];
  const set = (value: string): readonly Operation[] => [{ kind: 'set-sysctl', path: path(device), value }];
  return [set('1'), set('0')];
}

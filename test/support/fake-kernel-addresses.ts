import { bitsOf, familyOf, networkOf, parseAddress } from '../../src/domain/address.ts';
import { routesDown, routesGone, routesUp } from './fake-kernel-nexthops.ts';
import {
  type FakeAddress,
  type FakeLink,
  garbage,
  hasIpv6,
  type KernelState,
  kernelRefuses,
  linkNamed,
  Refusal,
  type Words,
} from './fake-kernel-state.ts';
import { sysctl } from './fake-kernel-sysctls.ts';

interface Asked {
  readonly address: string;
  readonly length: number;
  readonly peer?: string;
}

/** `ip address add A[/len] [peer B[/len]] dev N` */
export function addAddress(state: KernelState, words: Words): void {
  const { asked, link } = read(state, words);
  if (familyOf(asked.address) === 6) return addIpv6(link, asked);
  addIpv4(link, asked);
  routesUp(state, link, [4]);
}

/** inet_insert_ifa() of net/ipv4/devinet.c: one of the same network is a secondary, the same address in it is refused. */
function addIpv4(link: FakeLink, asked: Asked): void {
  const mates = link.addresses.filter((one) => isIpv4(one) && subnetOf(one) === subnetOf(asked));
  if (mates.some(({ address }) => address === asked.address)) throw kernelRefuses('File exists');
  const isSecondary = mates.length > 0;
  const lastPrimary = link.addresses.findLastIndex((one) => isIpv4(one) && !one.isSecondary);
  const lastIpv4 = link.addresses.findLastIndex(isIpv4);
  link.addresses.splice((isSecondary ? lastIpv4 : lastPrimary) + 1, 0, { ...asked, scope: 'global', isSecondary });
}

/** ipv6_add_addr(): an address is there once a device, whatever its prefix length and peer. */
function addIpv6(link: FakeLink, asked: Asked): void {
  if (!hasIpv6(link)) throw kernelRefuses('Invalid argument');
  if (link.addresses.some(({ address }) => address === asked.address)) throw kernelRefuses('File exists');
  const lastGlobal = link.addresses.findLastIndex(({ scope }) => scope !== 'link');
  link.addresses.splice(lastGlobal + 1, 0, {
    ...asked,
    scope: 'global',
    isSecondary: false,
    ...(asked.peer === undefined ? {} : { hasPeerRoute: link.isUp }),
  });
}

/** `ip address delete A[/len] [peer B[/len]] dev N` */
export function deleteAddress(state: KernelState, words: Words): void {
  const { asked, link } = read(state, words);
  const isIt = (one: FakeAddress) =>
    one.address === asked.address && one.length === asked.length && (!isIpv4(one) || subnetOf(one) === subnetOf(asked));
  const found = link.addresses.find(isIt);
  if (found === undefined) throw kernelRefuses('Cannot assign requested address');
  removeAddress(state, link, found);
  if (!isIpv4(found)) return;
  if (!found.isSecondary) promoteOrRemove(state, link, found);
  flushIpv4(state, link);
}

/** The first address of a subnet takes the others along, unless one of them may take its place (promote_secondaries). */
function promoteOrRemove(state: KernelState, link: FakeLink, gone: FakeAddress): void {
  const mates = link.addresses.filter((one) => isIpv4(one) && one.isSecondary && subnetOf(one) === subnetOf(gone));
  const [heir] = mates;
  if (heir === undefined) return;
  const promotes = ['all', link.device].some((place) => sysctl(state, `net/ipv4/conf/${place}/promote_secondaries`) === '1');
  if (!promotes) {
    for (const mate of mates) removeAddress(state, link, mate);
    return;
  }
  heir.isSecondary = false;
  link.addresses = link.addresses.filter((one) => one !== heir);
  link.addresses.splice(link.addresses.findLastIndex((one) => isIpv4(one) && !one.isSecondary) + 1, 0, heir);
}

/** A route that names the address as its source goes with it, where no other device has it (fib_sync_down_addr()). */
export function removeAddress(state: KernelState, link: FakeLink, gone: FakeAddress): void {
  link.addresses = link.addresses.filter((one) => one !== gone);
  const isElsewhere = state.links.some(({ addresses }) => addresses.some(({ address }) => address === gone.address));
  if (isElsewhere) return;
  if (isIpv4(gone)) state.routes = state.routes.filter(({ source }) => source !== gone.address);
  else for (const route of state.routes) if (route.source === gone.address) delete route.source;
}

/** With its last IPv4 address a device loses its IPv4 routes (fib_inetaddr_event()). */
function flushIpv4(state: KernelState, link: FakeLink): void {
  if (link.addresses.some(isIpv4)) return;
  routesDown(state, link, [4]);
}

/** IPv6 leaves the device: its addresses and its routes go. */
export function dropIpv6(state: KernelState, link: FakeLink): void {
  dropIpv6Addresses(link);
  routesGone(state, link, [6]);
}

export function dropIpv6Addresses(link: FakeLink): void {
  link.addresses = link.addresses.filter(isIpv4);
}

function isIpv4({ address }: { readonly address: string }): boolean {
  return familyOf(address) === 4;
}

function subnetOf({ address, length, peer }: Asked): string {
  return networkOf(peer ?? address, length);
}

function read(state: KernelState, words: Words): { readonly asked: Asked; readonly link: FakeLink } {
  const own = inet(words.next());
  let peer: Inet | undefined;
  let device: string | undefined;
  while (!words.isEmpty) {
    const word = words.next();
    if (word === 'peer') peer = inet(words.next());
    else if (word === 'dev') device = words.next();
    else if (word === 'nodad') continue;
    else throw garbage(word);
  }
  if (device === undefined) throw new Refusal('Not enough information: "dev" argument is required.', 255, true);
  const link = linkNamed(state, device);
  const bits = bitsOf(familyOf(own.address));
  const asked =
    peer === undefined
      ? { address: own.address, length: own.length ?? bits }
      : { address: own.address, length: peer.length ?? bits, peer: peer.address };
  return { asked, link };
}

interface Inet {
  readonly address: string;
  readonly length?: number;
}

function inet(text: string): Inet {
  const [host = '', length] = text.split('/');
  const address = parseAddress(host);
  if (address === undefined || (length !== undefined && !/^\d{1,3}$/.test(length)))
    throw new Refusal(`Error: any valid prefix is expected rather than "${text}".`, 1, true);
  return length === undefined ? { address } : { address, length: Number(length) };
}

import { bitsOf, familyOf, networkOf, rangeOf } from '../../src/domain/address.ts';
import { type FakeAddress, type FakeLink, type FakeRoute, hasIpv6, type KernelState } from './fake-kernel-state.ts';
import { sysctl } from './fake-kernel-sysctls.ts';

const MAIN = 254;
const LOCAL = 255;

const networks = new Map<string, string>();

/** Asked for the same few addresses thousands of times. */
function networkFor({ address, length, peer = address }: FakeAddress): string {
  const key = `${peer}/${length}`;
  const network = networks.get(key) ?? networkOf(peer, length);
  networks.set(key, network);
  return network;
}

/** The routes the kernel makes by itself: they follow from links, their state and their addresses; two IPv6 addresses of one network share theirs. */
export function kernelRoutes(state: KernelState): readonly FakeRoute[] {
  const routes = state.links.flatMap((link) => [
    ...link.addresses.flatMap((address) => (familyOf(address.address) === 4 ? ipv4Routes(link, address) : ipv6Routes(state, link, address))),
    ...multicastRoutes(link),
  ]);
  return [...new Map(routes.map((one) => [`${one.to} ${one.device} ${one.type} ${one.table} ${one.metric}`, one])).values()];
}

/** fib_add_ifaddr() of net/ipv4/fib_frontend.c; the local route is there also while the link is down. */
function ipv4Routes(link: FakeLink, own: FakeAddress): readonly FakeRoute[] {
  const { device, isUp } = link;
  const network = networkFor(own);
  const source = primaryOf(link, own).address;
  const kernel = { device, source, metric: 0, protocol: 'kernel' };
  const local = route({ ...kernel, to: `${own.address}/32`, type: 'local', table: LOCAL, scope: 'host' });
  if (device === 'lo') return [local, route({ ...kernel, to: network, type: 'local', table: LOCAL, scope: 'host' })];
  if (!isUp || own.isSecondary) return [local];
  const isHost = own.peer === undefined && own.length === 32;
  const connected = isHost ? [] : [route({ ...kernel, to: network, type: 'unicast', table: MAIN, scope: 'link' })];
  const broadcast = own.length >= 31 ? [] : [route({ ...kernel, to: `${lastOf(network)}/32`, type: 'broadcast', table: LOCAL, scope: 'link' })];
  return [local, ...connected, ...broadcast];
}

function primaryOf({ addresses }: FakeLink, own: FakeAddress): FakeAddress {
  const network = networkFor(own);
  return addresses.find((one) => !one.isSecondary && one.length === own.length && networkFor(one) === network) ?? own;
}

/** net/ipv6/addrconf.c; a router also answers to the network's own address (anycast). */
function ipv6Routes(state: KernelState, link: FakeLink, own: FakeAddress): readonly FakeRoute[] {
  const { device, isUp } = link;
  if (!isUp) return [];
  const kernel = { device, protocol: 'kernel', scope: 'global' };
  const local = route({ ...kernel, to: `${own.address}/128`, type: 'local', table: LOCAL, metric: 0 });
  if (device === 'lo') return [local];
  const network = networkFor(own);
  const towards = (to: string) => route({ ...kernel, to, type: 'unicast', table: MAIN, metric: 256 });
  const connected =
    own.peer === undefined ? [towards(network)] : [towards(`${own.address}/128`), ...(own.hasPeerRoute === true ? [towards(network)] : [])];
  const isRouter = sysctl(state, `net/ipv6/conf/${device}/forwarding`) === '1' && own.length < 127;
  const anycast = isRouter ? [route({ ...kernel, to: `${network.split('/')[0]}/128`, type: 'anycast', table: LOCAL, metric: 0 })] : [];
  return [local, ...connected, ...anycast];
}

function multicastRoutes(link: FakeLink): readonly FakeRoute[] {
  const { device, isUp, linkType } = link;
  if (!isUp || !hasIpv6(link) || linkType === 'loopback') return [];
  return [route({ to: 'ff00::/8', type: 'multicast', device, table: LOCAL, metric: 256, protocol: 'kernel', scope: 'global' })];
}

function route(fields: Omit<FakeRoute, 'gateway' | 'source'> & { readonly source?: string }): FakeRoute {
  const { source, ...rest } = fields;
  return source === undefined ? rest : { ...rest, source };
}

function lastOf(network: string): string {
  const value = rangeOf(network).last;
  return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join('.');
}

/** `10.0.0.0/8` as ip prints it, and a host route without its length. */
export function printed(prefix: string): string {
  const [address = '', length] = prefix.split('/');
  if (length === '0') return 'default';
  return Number(length) === bitsOf(familyOf(address)) ? address : prefix;
}

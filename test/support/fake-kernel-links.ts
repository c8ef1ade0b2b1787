import { parseAddress } from '../../src/domain/address.ts';
import { dropIpv6, dropIpv6Addresses, removeAddress } from './fake-kernel-addresses.ts';
import { FALLBACKS, greHeader, KINDS, mostMtu, NEEDED, overhead } from './fake-kernel-kinds.ts';
import { routesDown, routesGone, routesUp } from './fake-kernel-nexthops.ts';
import { defaultParameters, parseTunnelOptions } from './fake-kernel-options.ts';
import { lookup } from './fake-kernel-routes.ts';
import {
  type FakeLink,
  garbage,
  hasIpv6,
  type KernelState,
  kernelRefuses,
  linkNamed,
  Refusal,
  type TunnelParameters,
  type Words,
} from './fake-kernel-state.ts';
import { addDeviceSysctls, addIpv6Sysctls, removeDeviceSysctls, removeIpv6Sysctls } from './fake-kernel-sysctls.ts';

/** IFALIASZ. */
const MOST_ALIAS_BYTES = 255;

/** Loads by name: an `install` rule stops it, a blacklist does not (modprobe.d(5)). */
export function loadModule(state: KernelState, module: string): void {
  const found = state.modules.get(module) ?? 'missing';
  if (found === 'loaded' || found === 'built-in') return;
  if (found === 'missing') throw new Refusal(`modprobe: FATAL: Module ${module} not found in directory /lib/modules/6.1.0-test`, 1);
  if (found === 'install-false') throw new Refusal(`modprobe: ERROR: Error running install command '/bin/false' for module ${module}: retcode 1`, 1);
  const needed = NEEDED[module];
  if (needed !== undefined && state.modules.has(needed)) loadModule(state, needed);
  state.modules.set(module, 'loaded');
  for (const { device, kind } of FALLBACKS[module] ?? []) addFallbackDevice(state, device, kind);
}

function addFallbackDevice(state: KernelState, device: string, kind: string): void {
  const known = KINDS[kind];
  const tunnel = { ...defaultParameters(kind), pmtudisc: false };
  register(state, {
    device,
    kind,
    linkType: known?.linkType ?? 'ether',
    isFallback: true,
    mtuBytes: 1500 - overhead(kind, tunnel),
    ...(known === undefined || known.linkType === 'ether' ? {} : { tunnel }),
  });
}

type NewLink = Pick<FakeLink, 'device' | 'linkType' | 'mtuBytes'> & Partial<FakeLink>;

/** Puts a device into the state as register_netdevice() does, and its settings with it. */
export function register(state: KernelState, link: NewLink): FakeLink {
  const made: FakeLink = {
    isFallback: false,
    isUp: false,
    group: 0,
    settings: new Map(),
    addresses: [],
    isIpv6: link.mtuBytes >= 1280,
    ...link,
    index: state.nextIndex,
  };
  state.nextIndex += 1;
  state.links.push(made);
  addDeviceSysctls(state, made);
  return made;
}

interface NewLinkWords {
  device: string;
  kind: string;
  mac?: string;
  mtuBytes?: number;
  group: number;
}

/** `ip link add name N [address MAC] [mtu M] [group G] [alias A] type KIND …`; the alias is taken and forgotten (rtnl_create_link()). */
export function addLink(state: KernelState, words: Words): void {
  const { device, kind, mtuBytes, group, mac } = readNewLink(words);
  const known = KINDS[kind];
  if (known === undefined) throw new Refusal('Error: Unknown device type.');
  const tunnel = parseTunnelOptions(state, kind, words, defaultParameters(kind));
  if (!/^[^/\s:]{1,15}$/.test(device)) throw new Refusal(`Error: argument "${device}" is wrong: "name" not a valid ifname`, 255, true);
  autoload(state, kind);
  if (state.links.some((link) => link.device === device) || twin(state, kind, tunnel) !== undefined) throw kernelRefuses('File exists');
  const { linkType, leastMtu } = known;
  if (mtuBytes !== undefined && mtuBytes < leastMtu && (leastMtu > 68 || linkType === 'ether')) throw kernelRefuses('Invalid argument');
  const mtu = mtuBytes === undefined ? defaultMtu(state, kind, tunnel) : Math.min(Math.max(mtuBytes, leastMtu), mostMtu(kind, tunnel));
  register(state, { device, kind, linkType, mtuBytes: mtu, tunnel, group, ...(linkType === 'ether' ? { mac: mac ?? drawnMac(state, device) } : {}) });
}

/** Locally administered, as eth_hw_addr_random() draws it: each time another one, but the same whatever else the host has. */
function drawnMac({ drawnMacs }: KernelState, device: string): string {
  const times = (drawnMacs.get(device) ?? 0) + 1;
  drawnMacs.set(device, times);
  const name = Buffer.from(device.slice(-3).padStart(3)).toString('hex').replace(/../g, '$&:');
  return `2e:00:${name}${times.toString(16).padStart(2, '0')}`;
}

function readNewLink(words: Words): NewLinkWords {
  const asked: NewLinkWords = { device: '', kind: '', group: 0 };
  while (asked.kind === '') {
    const word = words.next();
    if (word === 'name') asked.device = words.next();
    else if (word === 'address') asked.mac = words.next();
    else if (word === 'mtu') asked.mtuBytes = words.nextNumber('mtu');
    else if (word === 'group') asked.group = words.nextNumber('group');
    else if (word === 'alias') words.next();
    else if (word === 'type') asked.kind = words.next();
    else throw garbage(word);
  }
  return asked;
}

/** A blacklist stops loading by alias, which is how the kernel asks for `rtnl-link-gre`. */
function autoload(state: KernelState, kind: string): void {
  const module = KINDS[kind]?.module ?? kind;
  const found = state.modules.get(module) ?? 'missing';
  if (found === 'loadable') loadModule(state, module);
  else if (found !== 'loaded' && found !== 'built-in') throw new Refusal('Error: Unknown device type.');
}

function twin(state: KernelState, kind: string, tunnel: TunnelParameters): FakeLink | undefined {
  return state.links.find((one) => one.kind === kind && one.tunnel !== undefined && identity(kind, one.tunnel) === identity(kind, tunnel));
}

/** A sit device is the same whether it is for ISATAP or not. */
function identity(kind: string, { local, remote, link, ikey, id, dstport }: TunnelParameters): string {
  const by = KINDS[kind]?.identity;
  if (by === 'vni') return `${id} ${dstport} ${remote.includes(':')}`;
  return [local, remote, link, ...(by === 'key' ? [ikey] : [])].join(' ');
}

/** MTU of the way to `remote` less the headers; over 1500 where there is none. vxlan looks at the link it is bound to, or nowhere. */
function defaultMtu(state: KernelState, kind: string, tunnel: TunnelParameters): number {
  if (kind === 'vxlan' && tunnel.link === undefined) return 1500;
  const through = tunnel.link ?? (tunnel.remote === 'any' ? undefined : lookup(state, { to: tunnel.remote })?.device);
  const base = state.links.find(({ device }) => device === through)?.mtuBytes ?? 1500;
  return Math.min(base, 65_535) - overhead(kind, tunnel);
}

/** `ip link change dev N type KIND …`: what is not said stays. */
export function changeLink(state: KernelState, link: FakeLink, words: Words): void {
  const kind = words.next();
  const known = KINDS[kind];
  if (known === undefined) throw new Refusal('Error: Unknown device type.');
  if (link.kind !== kind || link.tunnel === undefined) throw new Refusal('Failed to get existing tunnel info.', 1);
  const before = link.tunnel;
  const asked = parseTunnelOptions(state, kind, words, before);
  const now = keepsMode(kind) ? { ...asked, ...(before.proto === undefined ? {} : { proto: before.proto }), isIsatap: before.isIsatap } : asked;
  checkChange(kind, before, now);
  const other = twin(state, kind, now);
  if (other !== undefined && other !== link) throw kernelRefuses('File exists');
  if (link.isFallback) throw kernelRefuses('Invalid argument');
  link.tunnel = now;
  const { mtuOnChange } = known;
  const isRebound = mtuOnChange !== 'stays' && (now.link !== before.link || now.fwmark !== before.fwmark);
  if (isRebound || mtuOnChange === 'anew') putMtu(state, link, defaultMtu(state, kind, now));
  else if (mtuOnChange === 'by-headers') putMtu(state, link, Math.max(68, link.mtuBytes - (greHeader(kind, now) - greHeader(kind, before))));
}

/** ipip_changelink() and ipip6_changelink() leave what is carried alone, and say nothing. */
function keepsMode(kind: string): boolean {
  return kind === 'ipip' || kind === 'sit';
}

function checkChange(kind: string, before: TunnelParameters, now: TunnelParameters): void {
  if (kind !== 'vxlan') {
    if ((now.remote === 'any') !== (before.remote === 'any')) throw kernelRefuses('Invalid argument');
    return;
  }
  if (now.id !== before.id) throw new Refusal('Error: Cannot change VNI.');
  if (now.dstport !== before.dstport) throw new Refusal('Error: Cannot change port.');
  if ((now.ttl === 0) !== (before.ttl === 0)) throw new Refusal('Error: vxlan: cannot change TTL_INHERIT flag.');
  if (now.remote.includes(':') !== before.remote.includes(':')) throw new Refusal('Error: New group address family does not match old group.');
}

/** `ip link set dev N …` */
export function setLink(state: KernelState, link: FakeLink, words: Words): void {
  const word = words.next();
  switch (word) {
    case 'up':
      return setUp(state, link);
    case 'down':
      return setDown(state, link);
    case 'mtu':
      return setMtu(state, link, words.nextNumber('mtu'));
    case 'alias':
      return setAlias(link, words.next());
    case 'group':
      link.group = words.nextNumber('group');
      return;
    case 'address':
      return void Object.assign(link, { mac: words.next() });
    case 'arp':
    case 'txqueuelen':
    case 'vrf':
      return void link.settings.set(word, words.next());
    case 'multicast':
      return setMulticast(link, words.next());
    case 'type':
      return changeLink(state, link, words);
    default:
      throw garbage(word);
  }
}

/** Ethernet has it from the beginning (ether_setup()). */
function setMulticast({ settings, linkType }: FakeLink, value: string): void {
  if (value === (linkType === 'ether' ? 'on' : 'off')) settings.delete('multicast');
  else settings.set('multicast', value);
}

function setAlias(link: FakeLink, alias: string): void {
  if (Buffer.byteLength(alias) > MOST_ALIAS_BYTES) throw kernelRefuses('Invalid argument');
  if (alias === '') delete link.alias;
  else link.alias = alias;
}

function setUp(state: KernelState, link: FakeLink): void {
  link.isUp = true;
  routesUp(state, link);
  addLinkLocal(link);
}

/** Made of the local address when the link comes up (ipv6_isatap_ifid(), net/ipv6/addrconf.c), also of ipip, which carries no IPv6. */
function addLinkLocal(link: FakeLink): void {
  const { tunnel, addresses, isUp } = link;
  if (!isUp || tunnel === undefined || tunnel.local === 'any' || !hasIpv6(link) || addresses.some(({ scope }) => scope === 'link')) return;
  addresses.push({ address: parseAddress(linkLocal(link, tunnel)) ?? '', length: 64, scope: 'link', isSecondary: false });
}

function linkLocal({ index, linkType }: FakeLink, { local, isIsatap }: TunnelParameters): string {
  if (linkType === 'ether' || local.includes(':')) return `fe80::2c00:ff:fe00:${index.toString(16)}`;
  const bytes = local.split('.').map(Number);
  const isPrivate = bytes[0] === 10 || (bytes[0] === 192 && bytes[1] === 168);
  const hex = bytes.map((byte) => byte.toString(16).padStart(2, '0'));
  const identifier = linkType === 'sit' && !isIsatap ? '' : `${isPrivate ? '' : '200:'}5efe:`;
  return `fe80::${identifier}${hex[0]}${hex[1]}:${hex[2]}${hex[3]}`;
}

/** IPv4 addresses stay, IPv6 ones go, and so do all routes through it. */
function setDown(state: KernelState, link: FakeLink): void {
  if (!link.isUp) return;
  link.isUp = false;
  routesDown(state, link);
  if (state.sysctls.get(`net/ipv6/conf/${link.device}/keep_addr_on_down`) !== '1') dropIpv6Addresses(link);
}

function setMtu(state: KernelState, link: FakeLink, mtuBytes: number): void {
  const most = link.tunnel === undefined ? 65_535 : mostMtu(link.kind ?? '', link.tunnel);
  if (mtuBytes < (KINDS[link.kind ?? '']?.leastMtu ?? 68) || mtuBytes > most) throw kernelRefuses('Invalid argument');
  putMtu(state, link, mtuBytes);
}

function putMtu(state: KernelState, link: FakeLink, mtuBytes: number): void {
  const had = hasIpv6(link);
  link.mtuBytes = mtuBytes;
  link.isIpv6 = mtuBytes >= 1280;
  if (had && !hasIpv6(link)) {
    dropIpv6(state, link);
    removeIpv6Sysctls(state, link.device);
  }
  if (!had && hasIpv6(link)) {
    addIpv6Sysctls(state, link.device);
    addLinkLocal(link);
  }
}

/** `ip link delete dev N`: its addresses and routes go with it; a fallback device stays and nobody is told. */
export function deleteLink(state: KernelState, words: Words): void {
  if (words.next() !== 'dev') throw garbage('delete');
  const link = linkNamed(state, words.next());
  if (link.isFallback) return;
  for (const address of link.addresses) removeAddress(state, link, address);
  state.links = state.links.filter((one) => one !== link);
  routesGone(state, link);
  removeDeviceSysctls(state, link.device);
}

import { parseAddress } from '../../src/domain/address.ts';
import { dropIpv6, removeAddress } from './fake-kernel-addresses.ts';
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

/** Modules by the kind they bring, and the devices they make by themselves. */
const MODULES: Readonly<Record<string, { readonly module: string; readonly fallback: readonly string[] }>> = {
  gre: { module: 'ip_gre', fallback: ['gre0', 'gretap0', 'erspan0'] },
  ipip: { module: 'ipip', fallback: ['tunl0'] },
};
/** IFALIASZ. */
const MOST_ALIAS_BYTES = 255;
const LARGEST_PACKET = 65_535;

/** Loads by name: an `install` rule stops it, a blacklist does not (modprobe.d(5)). */
export function loadModule(state: KernelState, module: string): void {
  const found = state.modules.get(module) ?? 'missing';
  if (found === 'loaded' || found === 'built-in') return;
  if (found === 'missing') throw new Refusal(`modprobe: FATAL: Module ${module} not found in directory /lib/modules/6.1.0-test`, 1);
  if (found === 'install-false') throw new Refusal(`modprobe: ERROR: Error running install command '/bin/false' for module ${module}: retcode 1`, 1);
  state.modules.set(module, 'loaded');
  for (const [kind, made] of Object.entries(MODULES)) if (made.module === module) addFallbackDevices(state, kind, made.fallback);
}

function addFallbackDevices(state: KernelState, kind: string, devices: readonly string[]): void {
  for (const device of devices) {
    const isPlain = device === `${kind}0` || device === 'tunl0';
    register(state, {
      device,
      kind: isPlain ? kind : device.replace(/0$/, ''),
      linkType: isPlain ? (kind as 'gre' | 'ipip') : 'ether',
      isFallback: true,
      mtuBytes: kind === 'ipip' ? 1480 : 1476,
      ...(isPlain ? { tunnel: { ...defaultParameters(kind), pmtudisc: false } } : {}),
    });
  }
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
  mtuBytes?: number;
  group: number;
}

/** `ip link add name N [mtu M] [group G] [alias A] type KIND …`; the alias is taken and forgotten (rtnl_create_link()). */
export function addLink(state: KernelState, words: Words): void {
  const { device, kind, mtuBytes, group } = readNewLink(words);
  if (MODULES[kind] === undefined) throw new Refusal('Error: Unknown device type.');
  const tunnel = parseTunnelOptions(state, kind, words, defaultParameters(kind));
  if (!/^[^/\s:]{1,15}$/.test(device)) throw new Refusal(`Error: argument "${device}" is wrong: "name" not a valid ifname`, 255, true);
  autoload(state, kind);
  if (state.links.some((link) => link.device === device) || twin(state, kind, tunnel) !== undefined) throw kernelRefuses('File exists');
  const room = LARGEST_PACKET - overhead(kind, tunnel);
  const mtu = mtuBytes === undefined ? defaultMtu(state, kind, tunnel) : Math.min(Math.max(mtuBytes, 68), room);
  register(state, { device, kind, linkType: kind as 'gre' | 'ipip', mtuBytes: mtu, tunnel, group });
}

function readNewLink(words: Words): NewLinkWords {
  const asked: NewLinkWords = { device: '', kind: '', group: 0 };
  while (asked.kind === '') {
    const word = words.next();
    if (word === 'name') asked.device = words.next();
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
  const module = MODULES[kind]?.module ?? kind;
  const found = state.modules.get(module) ?? 'missing';
  if (found === 'loadable') loadModule(state, module);
  else if (found !== 'loaded' && found !== 'built-in') throw new Refusal('Error: Unknown device type.');
}

function twin(state: KernelState, kind: string, { local, remote, link, ikey }: TunnelParameters): FakeLink | undefined {
  return state.links.find(
    (one) =>
      one.kind === kind &&
      one.tunnel?.local === local &&
      one.tunnel.remote === remote &&
      one.tunnel.link === link &&
      (kind !== 'gre' || one.tunnel.ikey === ikey),
  );
}

export function overhead(kind: string, { okey, ocsum, oseq, encap }: TunnelParameters): number {
  const inner = { fou: 8, gue: 12, none: 0 }[encap?.type ?? 'none'] ?? 0;
  return 20 + inner + (kind === 'gre' ? 4 + (okey === undefined ? 0 : 4) + (ocsum ? 4 : 0) + (oseq ? 4 : 0) : 0);
}

/** MTU of the way to `remote` less the headers; over 1500 where there is none. */
function defaultMtu(state: KernelState, kind: string, tunnel: TunnelParameters): number {
  const through = tunnel.link ?? (tunnel.remote === 'any' ? undefined : lookup(state, { to: tunnel.remote })?.device);
  const base = state.links.find(({ device }) => device === through)?.mtuBytes ?? 1500;
  return Math.min(base, LARGEST_PACKET) - overhead(kind, tunnel);
}

/** `ip link change dev N type KIND …`: what is not said stays. */
export function changeLink(state: KernelState, link: FakeLink, words: Words): void {
  const kind = words.next();
  if (MODULES[kind] === undefined) throw new Refusal('Error: Unknown device type.');
  if (link.kind !== kind || link.tunnel === undefined) throw new Refusal('Failed to get existing tunnel info.', 1);
  const before = link.tunnel;
  const now = parseTunnelOptions(state, kind, words, before);
  const other = twin(state, kind, now);
  if (other !== undefined && other !== link) throw kernelRefuses('File exists');
  if (link.isFallback) throw kernelRefuses('Invalid argument');
  if ((now.remote === 'any') !== (before.remote === 'any')) throw kernelRefuses('Invalid argument');
  link.tunnel = now;
  if (now.link !== before.link || now.fwmark !== before.fwmark) link.mtuBytes = defaultMtu(state, kind, now);
  else if (kind === 'gre') link.mtuBytes = Math.max(68, link.mtuBytes - (headers(now) - headers(before)));
}

/** The encapsulation does not touch the MTU when it comes or goes. */
function headers(tunnel: TunnelParameters): number {
  const { encap: _, ...plain } = tunnel;
  return overhead('gre', plain);
}

/** `ip link set dev N …` */
export function setLink(state: KernelState, link: FakeLink, words: Words): void {
  const word = words.next();
  switch (word) {
    case 'up':
      return setUp(link);
    case 'down':
      return setDown(state, link);
    case 'mtu':
      return setMtu(state, link, words.nextNumber('mtu'));
    case 'alias':
      return setAlias(link, words.next());
    case 'group':
      link.group = words.nextNumber('group');
      return;
    case 'txqueuelen':
    case 'multicast':
    case 'vrf':
      return void link.settings.set(word, words.next());
    case 'type':
      return changeLink(state, link, words);
    default:
      throw garbage(word);
  }
}

function setAlias(link: FakeLink, alias: string): void {
  if (Buffer.byteLength(alias) > MOST_ALIAS_BYTES) throw kernelRefuses('Invalid argument');
  if (alias === '') delete link.alias;
  else link.alias = alias;
}

function setUp(link: FakeLink): void {
  link.isUp = true;
  addLinkLocal(link);
}

/** Made of the local address when the link comes up (ipv6_isatap_ifid(), net/ipv6/addrconf.c), also of ipip, which carries no IPv6. */
function addLinkLocal(link: FakeLink): void {
  const { tunnel, addresses, isUp } = link;
  if (!isUp || tunnel === undefined || tunnel.local === 'any' || !hasIpv6(link) || addresses.some(({ scope }) => scope === 'link')) return;
  const bytes = tunnel.local.split('.').map(Number);
  const isPrivate = bytes[0] === 10 || (bytes[0] === 192 && bytes[1] === 168);
  const hex = bytes.map((byte) => byte.toString(16).padStart(2, '0'));
  const address = parseAddress(`fe80::${isPrivate ? '' : '200:'}5efe:${hex[0]}${hex[1]}:${hex[2]}${hex[3]}`) ?? '';
  addresses.push({ address, length: 64, scope: 'link', isSecondary: false });
}

/** IPv4 addresses stay, IPv6 ones go, and so do all routes through it. */
function setDown(state: KernelState, link: FakeLink): void {
  if (!link.isUp) return;
  link.isUp = false;
  state.routes = state.routes.filter(({ device }) => device !== link.device);
  if (state.sysctls.get(`net/ipv6/conf/${link.device}/keep_addr_on_down`) !== '1') dropIpv6(state, link);
}

function setMtu(state: KernelState, link: FakeLink, mtuBytes: number): void {
  const most = link.tunnel === undefined ? 65_535 : LARGEST_PACKET - overhead(link.kind ?? '', link.tunnel);
  if (mtuBytes < 68 || mtuBytes > most) throw kernelRefuses('Invalid argument');
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
  state.routes = state.routes.filter(({ device }) => device !== link.device);
  removeDeviceSysctls(state, link.device);
}

import { bitsOf, contains, familyOf } from '../../src/domain/address.ts';
import { nexthopsOf } from './fake-kernel-nexthops.ts';
import { printed } from './fake-kernel-own-routes.ts';
import { allRoutes, lookup } from './fake-kernel-routes.ts';
import { type FakeAddress, type FakeLink, type FakeRoute, garbage, type KernelState, kernelRefuses, Refusal, Words } from './fake-kernel-state.ts';
import { tunnelJson } from './fake-kernel-tunnel-json.ts';

type Json = Readonly<Record<string, unknown>>;

const TABLE_NAMES: Readonly<Record<number, string>> = { 253: 'default', 254: 'main', 255: 'local' };

/** What `ip -d -j address show` prints for one device. */
function linkJson(link: FakeLink): Json {
  const { index, device, kind, alias, mtuBytes, linkType, group, settings, tunnel, addresses } = link;
  const outer =
    tunnel === undefined || linkType === 'ether'
      ? etherAddress(link)
      : {
          address: quad(tunnel.local),
          ...(tunnel.remote === 'any' ? { broadcast: '0.0.0.0' } : { link_pointtopoint: true, broadcast: tunnel.remote }),
        };
  return {
    ifindex: index,
    ...(tunnel === undefined || kind === 'vxlan' ? {} : { link: tunnel.link ?? null }),
    ifname: device,
    flags: flagsOf(link),
    mtu: mtuBytes,
    qdisc: 'noqueue',
    operstate: operstate(link),
    group: group === 0 ? 'default' : String(group),
    ...(settings.has('vrf') ? { master: settings.get('vrf') } : {}),
    txqlen: Number(settings.get('txqueuelen') ?? 1000),
    link_type: linkType,
    ...outer,
    promiscuity: 0,
    min_mtu: 0,
    max_mtu: 0,
    ...(kind === undefined ? {} : { linkinfo: linkInfo(link, kind) }),
    ...(alias === undefined || alias === '' ? {} : { ifalias: alias }),
    addr_info: addresses.map((address) => addressJson(device, address)),
  };
}

function linkInfo({ tunnel, settings }: FakeLink, kind: string): Json {
  return {
    info_kind: kind,
    ...(tunnel === undefined ? {} : { info_data: tunnelJson(kind, tunnel) }),
    ...(settings.has('vrf') ? { info_slave_kind: 'vrf' } : {}),
  };
}

function etherAddress({ index, mac = `02:00:00:00:00:${index.toString(16).padStart(2, '0')}` }: FakeLink): Json {
  return { address: mac, broadcast: 'ff:ff:ff:ff:ff:ff' };
}

function quad(address: string): string {
  return address === 'any' ? '0.0.0.0' : address;
}

function operstate({ isUp, linkType }: FakeLink): string {
  if (!isUp) return 'DOWN';
  return linkType === 'ether' ? 'UP' : 'UNKNOWN';
}

function flagsOf({ linkType, tunnel, isUp, settings }: FakeLink): readonly string[] {
  const multicast = settings.get('multicast') ?? (linkType === 'ether' ? 'on' : 'off');
  const state = [...(multicast === 'on' ? ['MULTICAST'] : []), ...(isUp ? ['UP', 'LOWER_UP'] : [])];
  if (tunnel !== undefined && linkType !== 'ether') return [...(tunnel.remote === 'any' ? [] : ['POINTOPOINT']), 'NOARP', ...state];
  return [...(linkType === 'loopback' ? ['LOOPBACK'] : ['BROADCAST']), ...state];
}

function addressJson(device: string, { address, length, peer, scope, isSecondary }: FakeAddress): Json {
  const family = familyOf(address);
  return {
    family: family === 4 ? 'inet' : 'inet6',
    local: address,
    ...(peer === undefined ? {} : { address: peer }),
    prefixlen: length,
    scope,
    ...(isSecondary ? { secondary: true } : {}),
    ...(family === 4 ? { label: device } : {}),
    valid_life_time: 4_294_967_295,
    preferred_life_time: 4_294_967_295,
  };
}

/** `ip -d -j route show table all [dev N | exact PREFIX]` */
function routesJson(state: KernelState, words: Words): readonly Json[] {
  let isWanted: (route: FakeRoute) => boolean = () => true;
  while (!words.isEmpty) {
    const word = words.next();
    const value = words.next();
    if (word === 'dev') isWanted = (route) => route.device === value && nexthopsOf(state, route).length === 1;
    else if (word === 'exact') isWanted = ({ to }) => to === value || to === `${value}/${bitsOf(familyOf(value))}`;
    else if (word !== 'table' || value !== 'all') throw garbage(word);
  }
  const found = allRoutes(state).filter(isWanted);
  return found.filter((route) => nexthopsOf(state, route)[0] === route).map((route) => routeJson(route, nexthopsOf(state, route)));
}

/** An IPv4 metric of 0 is not printed. */
function routeJson(route: FakeRoute, nexthops: readonly FakeRoute[]): Json {
  const { to, type, source, table, metric, protocol, scope } = route;
  const isAlone = nexthops.length === 1;
  return {
    type,
    dst: printed(to),
    ...(isAlone ? wayJson(route) : {}),
    table: TABLE_NAMES[table] ?? String(table),
    protocol,
    scope,
    ...(source === undefined ? {} : { prefsrc: source }),
    ...(familyOf(to) === 4 && metric === 0 ? {} : { metric }),
    flags: [],
    ...(familyOf(to) === 4 ? {} : { pref: 'medium' }),
    ...(isAlone
      ? {}
      : { nexthops: nexthops.map((one) => ({ ...wayJson(one), weight: one.weight, flags: one.isDead === true ? ['dead', 'linkdown'] : [] })) }),
  };
}

function wayJson({ device, gateway }: FakeRoute): Json {
  return { ...(gateway === undefined ? {} : { gateway }), ...(device === '' ? {} : { dev: device }) };
}

/** `ip -j route get TO [from FROM]` */
function lookupJson(state: KernelState, words: Words): readonly Json[] {
  const to = words.next();
  const from = words.isEmpty || words.next() !== 'from' ? undefined : words.next();
  const found = lookup(state, { to, ...(from === undefined ? {} : { from }) });
  if (found === undefined) {
    const closed = allRoutes(state).some(({ type, to: prefix }) => type === 'unreachable' && contains(prefix, to));
    throw kernelRefuses(closed ? 'No route to host' : 'Network is unreachable');
  }
  const { device, source, route } = found;
  return [
    {
      ...(route.type === 'local' ? { type: 'local' } : {}),
      dst: to,
      ...(from === undefined ? {} : { from }),
      ...(route.gateway === undefined ? {} : { gateway: route.gateway }),
      dev: device,
      ...(from === undefined && source !== undefined ? { prefsrc: source } : {}),
      flags: [],
      uid: 0,
      cache: [],
    },
  ];
}

/** What `show` prints for an object, or undefined where the words ask for a change. */
export function answerTo(state: KernelState, words: readonly string[]): readonly Json[] | undefined {
  const [object, verb, ...rest] = words;
  if (object === 'route' && verb === 'get') return lookupJson(state, new Words(rest));
  if (verb !== 'show') return undefined;
  if (object === 'route') return routesJson(state, new Words(rest));
  if (object === 'neighbour') return [];
  if (object !== 'address' && object !== 'link') throw new Refusal(`Object "${object}" is unknown, try "ip help".`, 1, true);
  const [, device] = rest;
  const links = state.links.filter((link) => device === undefined || link.device === device);
  if (links.length === 0) throw new Refusal(`Device "${device}" does not exist.`, 1);
  return links.map(linkJson);
}

import { indexed } from '../domain/indexed.ts';
import type { ObservedLink } from '../domain/observed.ts';

type Json = Readonly<Record<string, unknown>>;

const USUAL_QUEUE_LENGTH = 1000;

/**
 * What `ip link set` has set on a tunnel, from its entry of `ip -d -j address show`.
 *
 * A new one is in the group `default` and speaks neither multicast nor ARP, unless it carries Ethernet; then it also has a
 * hardware address of its own, which nobody gives it a second time.
 */
export function settingsOf(entry: Json): Pick<ObservedLink, 'settings'> {
  const flags = new Set(Array.isArray(entry.flags) ? entry.flags : []);
  const isEthernet = entry.link_type === 'ether';
  const flag = (isOn: boolean, isUsual: boolean) => (isOn === isUsual ? undefined : isOn ? 'on' : 'off');
  const settings = {
    group: typeof entry.group === 'string' && entry.group !== 'default' ? entry.group : undefined,
    address: isEthernet && typeof entry.address === 'string' ? entry.address : undefined,
    txqueuelen: typeof entry.txqlen === 'number' && entry.txqlen !== USUAL_QUEUE_LENGTH ? String(entry.txqlen) : undefined,
    multicast: flag(flags.has('MULTICAST'), isEthernet),
    allmulticast: flag(flags.has('ALLMULTI'), false),
    promisc: flag(flags.has('PROMISC'), false),
    arp: flag(!flags.has('NOARP'), isEthernet),
    ...(typeof entry.master === 'string' ? { [slaveKind(entry) === 'vrf' ? 'vrf' : 'master']: entry.master } : {}),
  };
  const set = Object.entries(settings).filter((one): one is [string, string] => one[1] !== undefined && isWord(one[1]));
  return set.length === 0 ? {} : { settings: Object.fromEntries(set) };
}

/** These words go back into commands. */
function isWord(value: string): boolean {
  return /^[\w.:@+-]+$/.test(value);
}

function slaveKind(entry: Json): unknown {
  return ((entry.linkinfo ?? {}) as Json).info_slave_kind;
}

/** What a kernel gives a link by itself (net.core.default_qdisc); any other somebody has chosen with tc(8). */
const USUAL_QUEUEING = new Set(['noqueue', 'noop', 'fq_codel', 'pfifo_fast', 'fq', 'mq', 'sfq', 'cake', undefined]);

/** A port as `ip link set master` makes it (net/bridge/br_if.c). */
const USUAL_PORT: Json = {
  priority: 32,
  cost: 100,
  hairpin: false,
  guard: false,
  root_block: false,
  fastleave: false,
  learning: true,
  flood: true,
  proxy_arp: false,
  proxy_arp_wifi: false,
  multicast_router: 1,
  mcast_flood: true,
  bcast_flood: true,
  mcast_to_unicast: false,
  neigh_suppress: false,
  group_fwd_mask: '0',
  vlan_tunnel: false,
  isolated: false,
  locked: false,
};

/** What hangs on a link and no command of `ip link` would bring back, in words for people. */
export function burdensOf(entry: Json, entries: readonly Json[]): readonly string[] {
  return [
    ...(isPlainSlave(entry, entries) ? [] : [`its settings in ${String(entry.master)}`]),
    ...(USUAL_QUEUEING.has(entry.qdisc as string | undefined) ? [] : [`its queueing discipline ${String(entry.qdisc)}`]),
    ...(entry.xdp === undefined ? [] : ['its XDP program']),
    ...neighboursOn(entries, String(entry.ifname)).map(({ dst }) => `its neighbour ${String(dst)}`),
  ];
}

const neighboursOn = indexed((entry: Json) => (isNeighbour(entry) ? [String(entry.dev)] : []));
const entriesCalled = indexed(({ ifname }: Json) => [String(ifname)]);

/** Whether all there is to say of its place in another link is that link's name. */
function isPlainSlave(entry: Json, entries: readonly Json[]): boolean {
  if (entry.master === undefined || slaveKind(entry) === 'vrf') return true;
  const { info_slave_data: port = {} } = entry.linkinfo as Json & { readonly info_slave_data?: Json };
  const bridge = entriesCalled(entries, String(entry.master))[0];
  const { info_data: own = {} } = (bridge?.linkinfo ?? {}) as Json & { readonly info_data?: Json };
  const isUsual = Object.entries(USUAL_PORT).every(([name, usual]) => port[name] === undefined || port[name] === usual);
  return slaveKind(entry) === 'bridge' && isUsual && own.vlan_filtering !== 1;
}

/** In JSON a neighbour has a state, in text at least an address of the link layer (ip-neighbour(8)); a route has neither. */
export function isNeighbour(entry: Json): boolean {
  return 'dst' in entry && ('state' in entry || 'lladdr' in entry);
}

import { familyOf, type IpAddress, type Prefix } from './address.ts';
import type { EncapsulationPorts } from './encapsulation.ts';
import type { MssClamp } from './mss-clamp.ts';
import type { PersistChoice } from './persistence.ts';
import { type Nexthop, routeSlot } from './route.ts';
import {
  type DeclaredRoute,
  type InnerAddress,
  type ModeName,
  optionsOf,
  type Ttl,
  type Tunnel,
  type TunnelEnd,
  type TunnelOptions,
} from './tunnel.ts';

/** One end of a tunnel with everything a kernel needs, mirrored from the tunnel's one declaration. */
export interface Endpoint extends TunnelOptions {
  readonly tunnel: string;
  readonly host: string;
  readonly peerHost: string;
  readonly device: string;
  readonly mode: ModeName;
  readonly local: IpAddress;
  readonly remote: IpAddress;
  readonly dev?: string;
  readonly ikey?: number;
  readonly okey?: number;
  readonly fwmark?: number;
  readonly ttl: Ttl;
  readonly mtuBytes: number;
  /** What the path between the hosts carries, where its MTU follows from that and it is less than both ends' links have. */
  readonly pathMtuBytes?: number;
  readonly encap?: EncapsulationPorts;
  readonly mssClamp?: MssClamp;
  readonly addresses: readonly InnerAddress[];
  readonly routes: readonly EndpointRoute[];
  /** Subnets behind this end. */
  readonly networks: readonly Prefix[];
  readonly forwarding: boolean;
  /** The network its addresses were taken from, of a mesh. */
  readonly pool?: Prefix;
  /** What brings it back when its host boots; left out: nothing does. */
  readonly persist?: PersistChoice;
  /** Its device is to be made anew even where what is there could be changed. */
  readonly isRenewed?: true;
}

/** A route into the tunnel's device. */
export interface EndpointRoute {
  readonly to: Prefix;
  /** 254 is the main table (ip-route(8)). */
  readonly table: number;
  /** Left out: the kernel's default, 0 for IPv4 and 1024 for IPv6. */
  readonly metric?: number;
  /** Where several tunnels carry it at once: their devices on this host, its own among them. */
  readonly nexthops?: readonly Nexthop[];
  /** The peer's inner address: the kernel joins IPv6 routes only where each has a gateway (rt6_qualify_for_ecmp()). */
  readonly gateway?: IpAddress;
}

/** What only the hosts can tell: their outer addresses and the MTU both ends get. */
export interface Underlay {
  /** Outer address of each end, in the tunnel's order of endpoints. */
  readonly locals: readonly [IpAddress, IpAddress];
  readonly mtuBytes: number;
  readonly pathMtuBytes?: number;
}

export const MAIN_TABLE = 254;

/**
 * Derives both endpoints of a tunnel from its one declaration.
 *
 * They are mirror images: each one's `local` is the other's `remote`, and ikey and okey cross over.
 * GRE drops a packet whose key does not match without telling anyone (RFC 2890 section 2.1), so the two are
 * never written down separately.
 */
export function mirror(tunnel: Tunnel, underlay: Underlay): readonly [Endpoint, Endpoint] {
  const [first, second] = tunnel.endpoints;
  const [firstLocal, secondLocal] = underlay.locals;
  const { locals: _, ...mtus } = underlay;
  const { name, mode, ttl, mssClamp, pool, persist } = tunnel;
  const shared = {
    tunnel: name,
    mode,
    ttl,
    ...optionsOf(tunnel),
    ...mtus,
    ...(mssClamp === undefined ? {} : { mssClamp }),
    ...(pool === undefined ? {} : { pool }),
    ...(persist === undefined ? {} : { persist }),
  };
  return [
    { ...shared, ...endpointOn(first, second), ...encapTowards(second, tunnel), local: firstLocal, remote: second.public ?? secondLocal },
    { ...shared, ...endpointOn(second, first), ...encapTowards(first, tunnel), local: secondLocal, remote: first.public ?? firstLocal },
  ];
}

function encapTowards({ publicPort }: TunnelEnd, { encap }: Tunnel): Pick<Endpoint, 'encap'> {
  if (encap === undefined) return {};
  return { encap: { type: encap.type, sourcePort: encap.port, destinationPort: publicPort ?? encap.port } };
}

function endpointOn(end: TunnelEnd, peer: TunnelEnd) {
  return {
    host: end.host,
    peerHost: peer.host,
    device: end.device,
    ...(end.dev === undefined ? {} : { dev: end.dev }),
    ...(end.ikey === undefined ? {} : { ikey: end.ikey }),
    ...(peer.ikey === undefined ? {} : { okey: peer.ikey }),
    ...(end.fwmark === undefined ? {} : { fwmark: end.fwmark }),
    addresses: end.addresses,
    routes: routesOn(end, peer).map((route) => withNexthops(route, end, peer)),
    networks: end.networks,
    forwarding: end.forwarding,
  };
}

/** Networks of the peer, and the end's own routes. */
export function routesOn(end: TunnelEnd, peer: TunnelEnd): readonly (EndpointRoute & { readonly weight: number })[] {
  const declared: readonly DeclaredRoute[] = [...peer.networks.map((to) => ({ to })), ...end.routes];
  return declared.map(({ to, metric = end.metric, table = end.table ?? MAIN_TABLE, weight = end.weight ?? 1 }) => ({
    to,
    table,
    weight,
    ...(metric === undefined ? {} : { metric }),
  }));
}

function withNexthops({ weight: _, ...route }: ReturnType<typeof routesOn>[0], { shares = [] }: TunnelEnd, peer: TunnelEnd): EndpointRoute {
  const nexthops = shares.find(({ slot }) => slot === routeSlot(route))?.nexthops;
  const gateway = familyOf(route.to) === 6 ? peer.addresses.find(({ address }) => familyOf(address) === 6)?.address : undefined;
  return nexthops === undefined ? route : { ...route, nexthops, ...(gateway === undefined ? {} : { gateway }) };
}

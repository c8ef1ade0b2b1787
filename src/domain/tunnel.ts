import type { IpAddress, Prefix } from './address.ts';
import type { Encapsulation } from './encapsulation.ts';
import type { Host } from './host.ts';
import type { MssClamp } from './mss-clamp.ts';
import type { PersistChoice } from './persistence.ts';
import type { SharedRoute } from './route.ts';

/** The tunnel types of the kernel, in iproute2's words (ip-link(8), TYPE). */
export type ModeName = 'gre' | 'gretap' | 'ipip' | 'sit' | 'isatap' | 'vti' | 'ip6gre' | 'ip6gretap' | 'ip6tnl' | 'vti6' | 'vxlan';

/** Names of tunnels: safe in every file name, alias, script and line of output. */
export const TUNNEL_NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;

/** 1..255, or `inherit`: the outer packet takes the inner one's (ip-link(8)). */
export type Ttl = number | 'inherit';

/** What only some modes have, the same at both ends; left out: the mode's own default. */
export interface TunnelOptions {
  /** Type of service or traffic class of the outer packets, 0..255. */
  readonly tos?: number | 'inherit';
  /** Checksums in both directions (RFC 2784). */
  readonly csum?: boolean;
  /** Sequence numbers in both directions; packets out of order are dropped (RFC 2890). */
  readonly seq?: boolean;
  /** Outer packets that are too large are reported, never fragmented. */
  readonly pmtudisc?: boolean;
  /** Outer packets may be fragmented although the inner one may not. */
  readonly ignoreDf?: boolean;
  /** How often a packet may be encapsulated again, 0..255 (RFC 2473 section 4.1.1). */
  readonly encaplimit?: number | 'none';
  /** IPv6 flow label of the outer packets, 0..0xfffff. */
  readonly flowlabel?: number | 'inherit';
  /** What is carried, in the words of ip-link(8) for `mode`: `ip6ip`, `ipip6`, `any` … */
  readonly proto?: string;
  /** VXLAN network identifier, 0..16777215 (RFC 7348). */
  readonly vni?: number;
  /** UDP port of both ends. */
  readonly port?: number;
  /** Outer packets travel in ESP, with keys that each run draws (RFC 4303). */
  readonly ipsec?: boolean;
}

/** Every name of {@link TunnelOptions}. */
const OPTION_NAMES = Object.keys({
  tos: 0,
  csum: 0,
  seq: 0,
  pmtudisc: 0,
  ignoreDf: 0,
  encaplimit: 0,
  flowlabel: 0,
  proto: 0,
  vni: 0,
  port: 0,
  ipsec: 0,
} satisfies Record<keyof TunnelOptions, 0>) as readonly (keyof TunnelOptions)[];

/** The options alone of whatever has more. */
export function optionsOf(source: TunnelOptions): TunnelOptions {
  return Object.fromEntries(OPTION_NAMES.flatMap((name) => (source[name] === undefined ? [] : [[name, source[name]]])));
}

/** A tunnel as declared once for both ends: valid, all defaults that need no host filled in. */
export interface Tunnel extends TunnelOptions {
  readonly name: string;
  readonly mode: ModeName;
  readonly ttl: Ttl;
  /** Bytes, within what the mode can have; left out: the underlay links' MTU less the mode's overhead, the smaller of the two ends. */
  readonly mtuBytes?: number;
  /** Left out: outer packets are the mode's own. */
  readonly encap?: Encapsulation;
  /** Left out: forwarded TCP is left alone. */
  readonly mssClamp?: MssClamp;
  readonly state: 'present' | 'absent';
  /** What brings it back when a host boots; left out: nothing does. */
  readonly persist?: PersistChoice;
  readonly tags: readonly string[];
  readonly description?: string;
  readonly verify: VerifyRules;
  /** Of a tunnel of a mesh: the network its inner addresses come from. */
  readonly pool?: Prefix;
  /** In the order of the inventory. */
  readonly endpoints: readonly [TunnelEnd, TunnelEnd];
}

/** How a tunnel's health is measured, and what is still healthy. */
export interface VerifyRules {
  /** Echo requests each way, 1..1000. */
  readonly count: number;
  /** Seconds between them. */
  readonly intervalSeconds: number;
  /** Percent of lost replies that still counts as healthy, 0..100. */
  readonly maxLossPercent: number;
  /** Milliseconds; left out: any. */
  readonly maxRttMs?: number;
  /** Addresses in networks behind the ends that have to answer through the tunnel. */
  readonly targets?: readonly IpAddress[];
}

/** One end of a tunnel as declared, before the peer's words are mirrored into it. */
export interface TunnelEnd {
  readonly host: string;
  readonly device: string;
  /** Outer address; left out: the one the host's route to the peer uses. */
  readonly local?: IpAddress;
  /** What the peer must send to, where this end sits behind NAT. */
  readonly public?: IpAddress;
  /** The port NAT shows to the peer in place of the one this end sends from. */
  readonly publicPort?: number;
  /** Link the outer packets are bound to. */
  readonly dev?: string;
  /** Key this end expects in what it receives, 0..4294967295 (RFC 2890); left out: keyless. Of vti, the mark of its policies. */
  readonly ikey?: number;
  /** Mark of the outer packets on this host, for its rules (ip-rule(8)). */
  readonly fwmark?: number;
  readonly addresses: readonly InnerAddress[];
  /** Subnets behind this end: they become routes on the peer. */
  readonly networks: readonly Prefix[];
  /** More routes on this host through the tunnel. */
  readonly routes: readonly DeclaredRoute[];
  readonly metric?: number;
  readonly table?: number;
  /** Of this end's routes that other tunnels carry too; left out: 1. */
  readonly weight?: number;
  /** Routes of this end that other tunnels between the same hosts carry at the same time. */
  readonly shares?: readonly SharedRoute[];
  /** Whether this host must forward between the tunnel and its networks (ip-sysctl: ip_forward, conf/all/forwarding). */
  readonly forwarding: boolean;
}

/** An inner address: with `peer` it is point to point, else a member of the subnet of `length` bits. */
export interface InnerAddress {
  readonly address: IpAddress;
  readonly length: number;
  readonly peer?: IpAddress;
  /** Usable at once: nobody looks whether a neighbour has it too (ip-address(8)). */
  readonly nodad?: true;
}

export interface DeclaredRoute {
  readonly to: Prefix;
  readonly metric?: number;
  readonly table?: number;
  readonly weight?: number;
}

/** What the inventory says in the end: hosts by name, and tunnels in the order of the files. */
export interface DesiredState {
  readonly hosts: ReadonlyMap<string, Host>;
  readonly tunnels: readonly Tunnel[];
}

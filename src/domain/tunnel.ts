import type { IpAddress, Prefix } from './address.ts';
import type { Host } from './host.ts';

/** The tunnel types of the kernel, in iproute2's words (ip-link(8), TYPE). */
export type ModeName = 'gre' | 'ipip';

/** 1..255, or `inherit`: the outer packet takes the inner one's (ip-link(8)). */
export type Ttl = number | 'inherit';

/** A tunnel as declared once for both ends: valid, all defaults that need no host filled in. */
export interface Tunnel {
  readonly name: string;
  readonly mode: ModeName;
  readonly ttl: Ttl;
  /** Bytes, 68..65535; left out: the underlay links' MTU less the mode's overhead, the smaller of the two ends. */
  readonly mtuBytes?: number;
  readonly state: 'present' | 'absent';
  readonly tags: readonly string[];
  readonly description?: string;
  readonly verify: VerifyRules;
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
}

/** One end of a tunnel as declared, before the peer's words are mirrored into it. */
export interface TunnelEnd {
  readonly host: string;
  readonly device: string;
  /** Outer address; left out: the one the host's route to the peer uses. */
  readonly local?: IpAddress;
  /** What the peer must send to, where this end sits behind 1:1 NAT. */
  readonly public?: IpAddress;
  /** Link the outer packets are bound to. */
  readonly dev?: string;
  /** GRE key this end expects in what it receives, 0..4294967295 (RFC 2890); left out: keyless. */
  readonly ikey?: number;
  readonly addresses: readonly InnerAddress[];
  /** Subnets behind this end: they become routes on the peer. */
  readonly networks: readonly Prefix[];
  /** More routes on this host through the tunnel. */
  readonly routes: readonly DeclaredRoute[];
  readonly metric?: number;
  readonly table?: number;
  /** Whether this host must forward between the tunnel and its networks (ip-sysctl: ip_forward, conf/all/forwarding). */
  readonly forwarding: boolean;
}

/** An inner address: with `peer` it is point to point, else a member of the subnet of `length` bits. */
export interface InnerAddress {
  readonly address: IpAddress;
  readonly length: number;
  readonly peer?: IpAddress;
}

export interface DeclaredRoute {
  readonly to: Prefix;
  readonly metric?: number;
  readonly table?: number;
}

/** What the inventory says in the end: hosts by name, and tunnels in the order of the files. */
export interface DesiredState {
  readonly hosts: ReadonlyMap<string, Host>;
  readonly tunnels: readonly Tunnel[];
}

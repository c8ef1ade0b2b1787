import type { IpAddress } from '../domain/address.ts';

/** One header of a packet. Fields have iproute2's names where it has one; lengths are bytes. */
export type Layer =
  | EthernetLayer
  | ArpLayer
  | IpLayer
  | GreLayer
  | UdpLayer
  | TcpLayer
  | VxlanLayer
  | GueLayer
  | EspLayer
  | IcmpLayer
  | { readonly layer: 'other'; readonly of: string; readonly lengthBytes: number }
  /** The capture, or a sender that lies, has no more of it. */
  | { readonly layer: 'cut-off'; readonly of: string };

export interface EthernetLayer {
  readonly layer: 'ethernet';
  readonly from: string;
  readonly to: string;
  readonly vlan?: number;
}

export interface ArpLayer {
  readonly layer: 'arp';
  readonly kind: 'request' | 'reply' | 'other';
  readonly from: IpAddress;
  readonly to: IpAddress;
}

export interface IpLayer {
  readonly layer: 'ipv4' | 'ipv6';
  readonly from: IpAddress;
  readonly to: IpAddress;
  readonly ttl: number;
  readonly tos: number;
  readonly lengthBytes: number;
  /** Of what follows all extension headers. */
  readonly protocol: number;
  /** IPv4 alone. */
  readonly id?: number;
  readonly isDf?: boolean;
  /** Of the header. */
  readonly checksum?: 'right' | 'wrong';
  /** IPv6 alone. */
  readonly flowlabel?: number;
  /** RFC 2473 section 4.1.1. */
  readonly encaplimit?: number;
  /** Absent where the packet is no fragment. */
  readonly fragment?: { readonly offsetBytes: number; readonly isLast: boolean };
}

/** RFC 2784 and 2890. */
export interface GreLayer {
  readonly layer: 'gre';
  readonly version: number;
  /** Ethertype of what follows. */
  readonly protocol: number;
  /** Absent where there is none; `unverified` where bytes are missing that it is of. */
  readonly checksum?: 'right' | 'wrong' | 'unverified';
  readonly key?: number;
  readonly seq?: number;
}

export interface UdpLayer {
  readonly layer: 'udp';
  readonly fromPort: number;
  readonly toPort: number;
  readonly lengthBytes: number;
}

export interface TcpLayer {
  readonly layer: 'tcp';
  readonly fromPort: number;
  readonly toPort: number;
  /** `SYN ACK`; empty where none is set. */
  readonly flags: string;
  readonly seq: number;
}

/** RFC 7348. */
export interface VxlanLayer {
  readonly layer: 'vxlan';
  /** Absent where the packet says that it has none. */
  readonly vni?: number;
}

/** draft-ietf-intarea-gue. */
export interface GueLayer {
  readonly layer: 'gue';
  readonly version: number;
  readonly isControl: boolean;
}

/** RFC 4303; what follows is encrypted. */
export interface EspLayer {
  readonly layer: 'esp';
  readonly spi: number;
  readonly seq: number;
  readonly lengthBytes: number;
}

export interface IcmpLayer {
  readonly layer: 'icmp' | 'icmpv6';
  readonly kind: 'echo-request' | 'echo-reply' | 'other';
  readonly type: number;
  readonly code: number;
  /** Of the message, header and all. */
  readonly lengthBytes: number;
  /** Of an echo. */
  readonly id?: number;
  readonly seq?: number;
}

import type { Layer } from './layer.ts';
import type { Slice } from './slice.ts';

/** What bytes are read as. */
export type Form = 'ethernet' | 'arp' | 'ipv4' | 'ipv6' | 'gre' | 'udp' | 'tcp' | 'vxlan' | 'gue' | 'esp' | 'icmp' | 'icmpv6';

/** What follows a header: a form that is known, or words for one that is not. */
export interface Next {
  readonly as: Form | { readonly unknown: string };
  readonly slice: Slice;
}

/** One header read, and what it carries. */
export interface Step {
  readonly layer: Layer;
  readonly next?: Next;
}

const ETHERTYPES: ReadonlyMap<number, Form> = new Map([
  [0x0800, 'ipv4'],
  [0x0806, 'arp'],
  [0x86dd, 'ipv6'],
  [0x6558, 'ethernet'],
]);

/** IANA, ieee-802-numbers; 0x6558 is a whole Ethernet frame (RFC 1701). */
export function byEthertype(type: number, slice: Slice): Next {
  return { as: ETHERTYPES.get(type) ?? { unknown: `ethertype 0x${type.toString(16).padStart(4, '0')}` }, slice };
}

const PROTOCOLS: ReadonlyMap<number, Form> = new Map([
  [1, 'icmp'],
  [4, 'ipv4'],
  [6, 'tcp'],
  [17, 'udp'],
  [41, 'ipv6'],
  [47, 'gre'],
  [50, 'esp'],
  [58, 'icmpv6'],
]);

/** IANA, protocol-numbers. */
export function byProtocol(protocol: number, slice: Slice): Next {
  return { as: PROTOCOLS.get(protocol) ?? { unknown: `IP protocol ${protocol}` }, slice };
}

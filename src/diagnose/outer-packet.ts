import type { IpAddress } from '../domain/address.ts';
import { familyOf } from '../domain/address.ts';
import type { ModeName } from '../domain/tunnel.ts';
import type { EndEvidence } from './evidence.ts';
import type { Packet } from './firewall/walk.ts';

const UDP = 17;
const ESP = 50;

/** What carries each mode, as IP protocol numbers (IANA). */
const PROTOCOLS: Readonly<Record<ModeName, readonly number[]>> = {
  gre: [47],
  gretap: [47],
  ip6gre: [47],
  ip6gretap: [47],
  ipip: [4],
  sit: [41],
  isatap: [41],
  ip6tnl: [4, 41],
  vti: [50],
  vti6: [50],
  vxlan: [UDP],
};

const VXLAN_PORT = 4789;

/** What a firewall and a capture see of a tunnel. */
export interface Outer {
  readonly protocols: readonly number[];
  /** Where they are UDP. */
  readonly port?: number;
  /** `protocol 47`, `UDP port 4789`. */
  readonly words: string;
}

/** With `ipsec` the packets are ESP and with fou or gue UDP (ip-fou(8)), whatever the mode. */
export function outerOf({ wanted, link }: Pick<EndEvidence, 'wanted' | 'link'>): Outer {
  const encapPort = link?.attributes['encap-dport'];
  const port = typeof encapPort === 'number' ? encapPort : wanted.mode === 'vxlan' ? (wanted.port ?? VXLAN_PORT) : undefined;
  if (wanted.ipsec === true) return { protocols: [ESP], words: `protocol ${ESP}, ESP` };
  const protocols = port === undefined ? PROTOCOLS[wanted.mode] : [UDP];
  return { protocols, ...(port === undefined ? { words: `protocol ${protocols.join(' or ')}` } : { port, words: `UDP port ${port}` }) };
}

/** The tunnel's packets from one end, as the other end's firewall meets them. */
export function outerPackets(from: EndEvidence, to: EndEvidence): readonly Packet[] {
  const { protocols, port } = outerOf(from);
  return protocols.map((protocol) => ({
    protocol,
    from: from.wanted.local,
    to: to.wanted.local,
    ...(port === undefined ? {} : { port }),
  }));
}

const ICMP = { 4: 1, 6: 58 } as const;

/** An echo request inside the tunnel. */
export function innerPacket(from: IpAddress, to: IpAddress): Packet {
  return { protocol: ICMP[familyOf(to)], from, to };
}

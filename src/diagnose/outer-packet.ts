import { outerOf } from '../capture/outer.ts';
import type { IpAddress } from '../domain/address.ts';
import { familyOf } from '../domain/address.ts';
import type { EndEvidence } from './evidence.ts';
import type { Packet } from './firewall/walk.ts';

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

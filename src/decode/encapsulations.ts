import { after, isSumRight, isWhole, type Slice } from './slice.ts';
import { byEthertype, byProtocol, type Next, type Step } from './step.ts';

const CHECKSUM = 0x8000;
const KEY = 0x2000;
const SEQ = 0x1000;
/** A receiver discards what has one of them (RFC 2784 section 2.3). */
const RESERVED = 0x4c00;

/** GRE with the fields of RFC 2890; of another version, or with RFC 1701's routing, only the header's first word is told. */
export function decodeGre(packet: Slice): Step {
  const { view } = packet;
  const flags = view.getUint16(0);
  const protocol = view.getUint16(2);
  const version = flags & 7;
  const has = (flag: number) => (flags & flag) !== 0;
  if (version !== 0 || has(RESERVED)) return { layer: { layer: 'gre', version, protocol } };
  const keyAt = has(CHECKSUM) ? 8 : 4;
  const seqAt = keyAt + (has(KEY) ? 4 : 0);
  const checksum = isWhole(packet) ? (isSumRight(packet) ? 'right' : 'wrong') : 'unverified';
  return {
    layer: {
      layer: 'gre',
      version,
      protocol,
      ...(has(CHECKSUM) ? { checksum } : {}),
      ...(has(KEY) ? { key: view.getUint32(keyAt) } : {}),
      ...(has(SEQ) ? { seq: view.getUint32(seqAt) } : {}),
    },
    next: byEthertype(protocol, after(packet, seqAt + (has(SEQ) ? 4 : 0))),
  };
}

export function decodeVxlan(packet: Slice): Step {
  const hasVni = (packet.view.getUint8(0) & 0x08) !== 0;
  const vni = packet.view.getUint32(4) >>> 8;
  return { layer: { layer: 'vxlan', ...(hasVni ? { vni } : {}) }, next: { as: 'ethernet', slice: after(packet, 8) } };
}

/** Version 1 has no header: what follows is IP itself. */
export function decodeGue(packet: Slice): Step {
  const first = packet.view.getUint8(0);
  const version = first >> 6;
  if (version === 1) return { layer: { layer: 'gue', version, isControl: false }, next: byProtocol((first & 0x20) === 0 ? 4 : 41, packet) };
  const isControl = (first & 0x20) !== 0;
  if (version !== 0 || isControl) return { layer: { layer: 'gue', version, isControl } };
  return { layer: { layer: 'gue', version, isControl }, next: byProtocol(packet.view.getUint8(1), after(packet, 4 + (first & 0x1f) * 4)) };
}

export function decodeEsp({ view, sentBytes }: Slice): Step {
  return { layer: { layer: 'esp', spi: view.getUint32(0), seq: view.getUint32(4), lengthBytes: sentBytes } };
}

/** What is on a UDP port: a form of its own, or the bare protocol that fou takes out there (ip-fou(8)). */
export type PortContent = 'vxlan' | 'gue' | number;

export type Ports = ReadonlyMap<number, PortContent>;

/** RFC 768. */
export function decodeUdp(packet: Slice, ports: Ports): Step {
  const { view } = packet;
  const [fromPort, toPort, lengthBytes] = [view.getUint16(0), view.getUint16(2), view.getUint16(4)];
  const content = after(packet, 8, lengthBytes === 0 ? undefined : lengthBytes - 8);
  return {
    layer: { layer: 'udp', fromPort, toPort, lengthBytes },
    next: contentOf(ports.get(toPort) ?? ports.get(fromPort), content),
  };
}

function contentOf(content: PortContent | undefined, slice: Slice): Next {
  if (content === undefined) return { as: { unknown: 'UDP’s content' }, slice };
  return typeof content === 'number' ? byProtocol(content, slice) : { as: content, slice };
}

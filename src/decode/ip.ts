import { addressFrom, type IpAddress } from '../domain/address.ts';
import type { ArpLayer, IpLayer } from './layer.ts';
import { after, isSumRight, type Slice } from './slice.ts';
import { byProtocol, type Next, type Step } from './step.ts';

/** RFC 791. */
export function decodeIpv4(packet: Slice): Step {
  const { view } = packet;
  const headerBytes = (view.getUint8(0) & 0x0f) * 4;
  if (view.getUint8(0) >> 4 !== 4 || headerBytes < 20) return { layer: { layer: 'other', of: 'no IPv4 header', lengthBytes: view.byteLength } };
  const lengthBytes = view.getUint16(2);
  const flags = view.getUint16(6);
  const protocol = view.getUint8(9);
  const fragment = fragmentOf((flags & 0x1fff) * 8, (flags & 0x2000) === 0);
  const layer: IpLayer = {
    layer: 'ipv4',
    from: ipv4At(packet, 12),
    to: ipv4At(packet, 16),
    ttl: view.getUint8(8),
    tos: view.getUint8(1),
    lengthBytes,
    protocol,
    id: view.getUint16(4),
    isDf: (flags & 0x4000) !== 0,
    checksum: isSumRight(after(packet, 0, headerBytes)) ? 'right' : 'wrong',
    ...fragment,
  };
  // A sender that leaves splitting to the device writes no length (tcp(7), offload).
  const payload = lengthBytes === 0 ? after(packet, headerBytes) : after(packet, headerBytes, lengthBytes - headerBytes);
  return { layer, next: payloadOf(layer, payload) };
}

const ENCAPLIMIT = 4;

/** RFC 8200, with the headers that may stand between it and what it carries. */
export function decodeIpv6(packet: Slice): Step {
  const { view } = packet;
  const first = view.getUint32(0);
  if (first >>> 28 !== 6) return { layer: { layer: 'other', of: 'no IPv6 header', lengthBytes: view.byteLength } };
  const addresses = { from: ipv6At(packet, 8), to: ipv6At(packet, 24) };
  const payloadBytes = view.getUint16(4);
  const extended = extensionsOf(view.getUint8(6), payloadBytes === 0 ? after(packet, 40) : after(packet, 40, payloadBytes));
  const layer: IpLayer = {
    layer: 'ipv6',
    ...addresses,
    ttl: view.getUint8(7),
    tos: (first >>> 20) & 0xff,
    lengthBytes: payloadBytes + 40,
    protocol: extended.protocol,
    flowlabel: first & 0xfffff,
    ...(extended.encaplimit === undefined ? {} : { encaplimit: extended.encaplimit }),
    ...(extended.fragment === undefined ? {} : { fragment: extended.fragment }),
  };
  return { layer, next: payloadOf(layer, extended.payload) };
}

interface Extended {
  readonly protocol: number;
  readonly payload: Slice;
  readonly encaplimit?: number;
  readonly fragment?: NonNullable<IpLayer['fragment']>;
}

const FRAGMENT = 44;
const DESTINATION_OPTIONS = 60;
/** Hop-by-hop, routing, fragment, destination options: each begins with the next one's number and its own length. */
const EXTENSIONS: ReadonlySet<number> = new Set([0, 43, FRAGMENT, DESTINATION_OPTIONS]);

/** Each header is eight bytes at least, so this ends; one that is not all there is told as what follows. */
function extensionsOf(first: number, rest: Slice): Extended {
  let extended: Extended = { protocol: first, payload: rest };
  while (EXTENSIONS.has(extended.protocol)) {
    const { view } = extended.payload;
    const lengthBytes = view.byteLength < 8 ? 8 : extended.protocol === FRAGMENT ? 8 : (view.getUint8(1) + 1) * 8;
    if (view.byteLength < lengthBytes) return extended;
    extended = { ...extended, ...extensionOf(extended, lengthBytes) };
    if (extended.fragment !== undefined && extended.fragment.offsetBytes > 0) return extended;
  }
  return extended;
}

function extensionOf({ protocol, payload }: Extended, lengthBytes: number): Extended {
  const { view } = payload;
  const encaplimit = protocol === DESTINATION_OPTIONS ? encaplimitIn(after(payload, 2, lengthBytes - 2)) : undefined;
  return {
    protocol: view.getUint8(0),
    payload: after(payload, lengthBytes),
    ...(encaplimit === undefined ? {} : { encaplimit }),
    ...(protocol === FRAGMENT ? fragmentOf(view.getUint16(2) & 0xfff8, (view.getUint16(2) & 1) === 0) : {}),
  };
}

/** The option of that number among those of a header (RFC 2473 section 4.1.1). */
function encaplimitIn({ view }: Slice): number | undefined {
  for (let at = 0; at + 2 < view.byteLength; ) {
    const type = view.getUint8(at);
    if (type === ENCAPLIMIT) return view.getUint8(at + 2);
    at += type === 0 ? 1 : view.getUint8(at + 1) + 2;
  }
  return undefined;
}

function fragmentOf(offsetBytes: number, isLast: boolean): Pick<IpLayer, 'fragment'> {
  return offsetBytes === 0 && isLast ? {} : { fragment: { offsetBytes, isLast } };
}

/** Only the first fragment begins with a header. */
function payloadOf({ protocol, fragment }: IpLayer, payload: Slice): Next {
  if (fragment === undefined) return byProtocol(protocol, payload);
  const part = { ...payload, isFragment: true };
  return fragment.offsetBytes === 0 ? byProtocol(protocol, part) : { as: { unknown: 'a later fragment' }, slice: part };
}

const ARP_KINDS: ReadonlyMap<number, ArpLayer['kind']> = new Map([
  [1, 'request'],
  [2, 'reply'],
]);

/** RFC 826, of IPv4 on Ethernet. */
export function decodeArp(packet: Slice): Step {
  const { view } = packet;
  if (view.getUint16(2) !== 0x0800 || view.getUint8(4) !== 6) return { layer: { layer: 'other', of: 'ARP', lengthBytes: view.byteLength } };
  return { layer: { layer: 'arp', kind: ARP_KINDS.get(view.getUint16(6)) ?? 'other', from: ipv4At(packet, 14), to: ipv4At(packet, 24) } };
}

function ipv4At({ view }: Slice, at: number): IpAddress {
  return [0, 1, 2, 3].map((index) => view.getUint8(at + index)).join('.');
}

function ipv6At({ view }: Slice, at: number): IpAddress {
  return addressFrom((view.getBigUint64(at) << 64n) | view.getBigUint64(at + 8), 6);
}

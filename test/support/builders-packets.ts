import { type IpAddress, rangeOf } from '../../src/domain/address.ts';

/** Bytes of packets, as a kernel would send them; every builder puts its header before what it is given. */
export type Bytes = Uint8Array;

interface Ip {
  readonly from: IpAddress;
  readonly to: IpAddress;
  readonly protocol: number;
  readonly ttl?: number;
  readonly id?: number;
  /** In units of eight bytes, and 0x2000 where more follow. */
  readonly fragment?: number;
}

export function ipv4({ from, to, protocol, ttl = 255, id = 1, fragment = 0x4000 }: Ip, payload: Bytes): Bytes {
  const length = 20 + payload.length;
  const header = [0x45, 0, ...two(length), ...two(id), ...two(fragment), ttl, protocol, 0, 0, ...addressBytes(from), ...addressBytes(to)];
  return join(withSum(header, 10), payload);
}

/** @param encaplimit - with it, the header of options that ip6_tunnel writes (RFC 2473 section 4.1) */
export function ipv6({ from, to, protocol, ttl = 255 }: Ip, payload: Bytes, encaplimit?: number): Bytes {
  const options = encaplimit === undefined ? [] : [protocol, 0, 4, 1, encaplimit, 1, 1, 0];
  const next = encaplimit === undefined ? protocol : 60;
  const length = options.length + payload.length;
  return join([0x60, 0, 0, 0, ...two(length), next, ttl, ...addressBytes(from), ...addressBytes(to), ...options], payload);
}

interface Gre {
  readonly key?: number;
  readonly seq?: number;
  readonly csum?: boolean;
  readonly protocol?: number;
}

export function gre({ key, seq, csum = false, protocol = 0x0800 }: Gre, payload: Bytes): Bytes {
  const flags = (csum ? 0x8000 : 0) | (key === undefined ? 0 : 0x2000) | (seq === undefined ? 0 : 0x1000);
  const fields = [...(csum ? [0, 0, 0, 0] : []), ...(key === undefined ? [] : four(key)), ...(seq === undefined ? [] : four(seq))];
  const packet = [...two(flags), ...two(protocol), ...fields, ...payload];
  return Uint8Array.from(csum ? withSum(packet, 4) : packet);
}

export function udp(fromPort: number, toPort: number, payload: Bytes): Bytes {
  return join([...two(fromPort), ...two(toPort), ...two(8 + payload.length), 0, 0], payload);
}

export function vxlan(vni: number, payload: Bytes): Bytes {
  return join([8, 0, 0, 0, ...four(vni << 8)], payload);
}

export function gue(protocol: number, payload: Bytes): Bytes {
  return join([0, protocol, 0, 0], payload);
}

export function esp(spi: number, seq: number, payload: Bytes): Bytes {
  return join([...four(spi), ...four(seq)], payload);
}

export function ethernet(type: number, payload: Bytes): Bytes {
  return join([2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, ...two(type)], payload);
}

/** An echo of ping, of either family. */
export function echo(
  kind: 'request' | 'reply',
  seq: number,
  { size = 74, family = 4 }: { readonly size?: number; readonly family?: 4 | 6 } = {},
): Bytes {
  const type = { 4: { request: 8, reply: 0 }, 6: { request: 128, reply: 129 } }[family][kind];
  return Uint8Array.from(withSum([type, 0, 0, 0, ...two(77), ...two(seq), ...Array.from({ length: size }, (_, at) => at)], 2));
}

/** A capture file of libpcap's, of this link type (pcap-linktype(7)); a frame may be longer than what was kept of it. */
export function captureFile(
  linkType: number,
  frames: readonly { readonly atMicros: number; readonly bytes: Bytes; readonly sentBytes?: number }[],
): Bytes {
  const header = [...four(0xa1b2c3d4), ...two(2), ...two(4), ...four(0), ...four(0), ...four(256), ...four(linkType)];
  const records = frames.flatMap(({ atMicros, bytes, sentBytes = bytes.length }) => [
    ...four(Math.floor(atMicros / 1e6)),
    ...four(atMicros % 1e6),
    ...four(bytes.length),
    ...four(sentBytes),
    ...bytes,
  ]);
  return Uint8Array.from([...header, ...records]);
}

/** The sum of RFC 1071 at its place. */
function withSum(bytes: readonly number[], at: number): number[] {
  let sum = 0;
  for (let place = 0; place < bytes.length; place += 2) sum += ((bytes[place] ?? 0) << 8) + (bytes[place + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return bytes.map((byte, place) => (place === at ? (~sum >> 8) & 0xff : place === at + 1 ? ~sum & 0xff : byte));
}

function addressBytes(address: IpAddress): number[] {
  const { family, first } = rangeOf(address);
  return Array.from({ length: family === 4 ? 4 : 16 }, (_, at) => Number((first >> BigInt(8 * ((family === 4 ? 3 : 15) - at))) & 0xffn));
}

function two(value: number): number[] {
  return [(value >> 8) & 0xff, value & 0xff];
}

function four(value: number): number[] {
  return [(value >>> 24) & 0xff, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff];
}

function join(header: readonly number[], payload: Bytes): Bytes {
  return Uint8Array.from([...header, ...payload]);
}

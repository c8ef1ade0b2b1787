import type { Family, IpAddress } from '../domain/address.ts';
import { familyOf } from '../domain/address.ts';
import type { Weighed } from './mode.ts';

/** Headers, bytes (RFC 791, 8200, 2784, 2890, 7348). */
export const IPV4_HEADER_BYTES = 20;
export const ETHERNET_HEADER_BYTES = 14;
const IPV6_HEADER_BYTES = 40;
const GRE_HEADER_BYTES = 4;
/** Each of key, checksum and sequence number, in what is sent: `ikey` alone costs nothing. */
const GRE_OPTION_BYTES = 4;
/** The destination options header that holds the encapsulation limit (RFC 2473 section 4.1.1). */
const ENCAPLIMIT_BYTES = 8;

const LARGEST_PACKET_BYTES = 65_535;
/** net/ipv4/ip_tunnel.c, `ETH_MIN_MTU`. */
export const LEAST_MTU_BYTES = 68;
/** RFC 8200 section 5; net/ipv6/sit.c, `IPV6_MIN_MTU`. */
export const LEAST_IPV6_MTU_BYTES = 1280;

export function ipHeaderBytes(remote: IpAddress): number {
  return { 4: IPV4_HEADER_BYTES, 6: IPV6_HEADER_BYTES }[familyOf(remote) satisfies Family];
}

export function greHeaderBytes({ okey, csum, seq }: Weighed): number {
  return GRE_HEADER_BYTES + [okey !== undefined, csum, seq].filter((isThere) => isThere === true).length * GRE_OPTION_BYTES;
}

/** Header of a packet in IPv6, with the option that limits encapsulation. */
export function ip6HeaderBytes({ encaplimit = 'none' }: Weighed): number {
  return IPV6_HEADER_BYTES + (encaplimit === 'none' ? 0 : ENCAPLIMIT_BYTES);
}

/** What of the largest outer packet is left inside. */
export function mostMtuBytes(overheadBytes: number): number {
  return LARGEST_PACKET_BYTES - overheadBytes;
}

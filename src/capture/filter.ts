import { type Family, familyOf } from '../domain/address.ts';
import { type End, keysOf, outerOf, portsOf } from './outer.ts';

const GRE = 47;
const DESTINATION_OPTIONS = 60;
const FRAGMENT = 44;

/**
 * What tcpdump is to take at one end, in the words of pcap-filter(7): this tunnel's outer packets between its two addresses.
 *
 * GRE's key and VXLAN's identifier are looked at as well, so that a busy neighbour between the same hosts does not fill the
 * capture; what travels in ESP or in fou shows neither.
 */
export function captureFilter(end: End, ends: readonly End[]): string {
  const { local, remote } = end.wanted;
  const family = familyOf(local);
  const ip = wordOf(family);
  return `${ip} host ${local} and ${ip} host ${remote} and (${termsOf(end, ends).join(' or ')})`;
}

function termsOf(end: End, ends: readonly End[]): readonly string[] {
  const { wanted } = end;
  const { protocols, port } = outerOf(end);
  const family = familyOf(wanted.local);
  if (port === undefined) {
    return protocols.includes(GRE) ? greTerms(family, [...keysOf(ends)]) : protocols.map((protocol) => protocolTerm(protocol, family));
  }
  if (wanted.mode !== 'vxlan' || wanted.vni === undefined) return [...portsOf(end).keys()].map((one) => `udp port ${one}`);
  return [`udp dst port ${port} and ${wordOf(family)}[${UDP_AT[family] + 12}:4] >> 8 = ${wanted.vni}`];
}

/** IPv6 has a header of options before what ip6_tunnel and ip6_gre carry, unless `encaplimit` is none. */
export function protocolTerm(protocol: number, family: Family): string {
  if (family === 4) return `(ip proto ${protocol})`;
  return `(ip6[6] = ${protocol} or (ip6[6] = ${DESTINATION_OPTIONS} and ip6[40] = ${protocol}) or ip6[6] = ${FRAGMENT})`;
}

/** Bytes before it in IPv4 and IPv6, whose outer headers are without options here. */
const UDP_AT = { 4: 20, 6: 40 } as const;

/** Fragments but the first have no key, and are taken whosever they are. */
function greTerms(family: Family, keys: readonly (number | undefined)[]): readonly string[] {
  const keyed = (at: number) => `(${keys.map((key) => keyTerm(wordOf(family), at, key)).join(' or ')})`;
  if (family === 4) return [`(ip proto ${GRE} and (ip[6:2] & 0x1fff != 0 or ${keyed(20)}))`];
  return [`(ip6[6] = ${GRE} and ${keyed(40)})`, `(ip6[6] = ${DESTINATION_OPTIONS} and ip6[40] = ${GRE} and ${keyed(48)})`, `(ip6[6] = ${FRAGMENT})`];
}

/** The key stands behind the checksum, where there is one (RFC 2890 section 2). */
function keyTerm(ip: 'ip' | 'ip6', at: number, key: number | undefined): string {
  if (key === undefined) return `${ip}[${at}] & 0x20 = 0`;
  return `(${ip}[${at}] & 0xa0 = 0x20 and ${ip}[${at + 4}:4] = ${key}) or (${ip}[${at}] & 0xa0 = 0xa0 and ${ip}[${at + 8}:4] = ${key})`;
}

function wordOf(family: Family): 'ip' | 'ip6' {
  return family === 4 ? 'ip' : 'ip6';
}

import { Address6 } from 'ip-address';

export type Family = 4 | 6;

/** An IPv4 or IPv6 address in canonical text (RFC 5952 for IPv6), without a prefix length. */
export type IpAddress = string;

/** A network in CIDR form with all host bits zero, such as `10.2.1.0/24`. */
export type Prefix = string;

/** Four bytes without leading zeros: an IPv4 address has no second way to be written, so it is its own canonical text. */
const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;

/** Canonical text of an address, or undefined: `010.0.0.1`, `1` and zone identifiers are refused. */
export function parseAddress(text: string): IpAddress | undefined {
  if (IPV4.test(text)) return text;
  if (!/^[\da-fA-F:.]+$/.test(text) || !text.includes(':')) return undefined;
  return Address6.isValid(text) ? new Address6(text).correctForm() : undefined;
}

/** An address with its prefix length, host bits kept: `10.1.2.1/24`. */
export interface InterfaceAddress {
  readonly address: IpAddress;
  readonly length: number;
}

/** Parses `A/len`; undefined where either part is not strict. */
export function parseInterfaceAddress(text: string): InterfaceAddress | undefined {
  const match = /^([^/]+)\/(0|[1-9]\d{0,2})$/.exec(text);
  const address = match?.[1] === undefined ? undefined : parseAddress(match[1]);
  const length = Number(match?.[2]);
  if (address === undefined || length > bitsOf(familyOf(address))) return undefined;
  return { address, length };
}

/** Canonical text of a network, or undefined where host bits are set. */
export function parsePrefix(text: string): Prefix | undefined {
  const parsed = parseInterfaceAddress(text);
  if (parsed === undefined) return undefined;
  const prefix = networkOf(parsed.address, parsed.length);
  return prefix === `${parsed.address}/${parsed.length}` ? prefix : undefined;
}

export function familyOf(text: IpAddress | Prefix): Family {
  return text.includes(':') ? 6 : 4;
}

/** 32 or 128. */
export function bitsOf(family: Family): number {
  return family === 4 ? 32 : 128;
}

/** The network an address belongs to, host bits cleared. */
export function networkOf(address: IpAddress, length: number): Prefix {
  const range = rangeOf(`${address}/${length}`);
  return `${addressFrom(range.first, familyOf(address))}/${length}`;
}

/** The address that many places behind the first of a network. */
export function addressAt(prefix: Prefix, offset: number): IpAddress {
  const { family, first } = rangeOf(prefix);
  return addressFrom(first + BigInt(offset), family);
}

/** First and last address of a network or of a single address, as numbers. */
export interface AddressRange {
  readonly family: Family;
  readonly first: bigint;
  readonly last: bigint;
}

export function rangeOf(text: IpAddress | Prefix): AddressRange {
  const family = familyOf(text);
  const bits = bitsOf(family);
  const [address = '', length] = text.split('/');
  const value = numberOf(address);
  const hostBits = BigInt(bits - (length === undefined ? bits : Number(length)));
  const first = (value >> hostBits) << hostBits;
  return { family, first, last: first | ((1n << hostBits) - 1n) };
}

/** Whether every address of `inner` lies in `outer`; false across families. */
export function contains(outer: Prefix, inner: IpAddress | Prefix): boolean {
  // A hub has thousands of routes to single addresses, and each of its tunnels is compared with all of them.
  if (outer.endsWith('/32') && familyOf(outer) === 4) return outer === inner || outer === `${inner}/32`;
  const [a, b] = [rangeOf(outer), rangeOf(inner)];
  return a.family === b.family && a.first <= b.first && b.last <= a.last;
}

/** Whether two networks or addresses share at least one address. */
export function overlaps(one: IpAddress | Prefix, other: IpAddress | Prefix): boolean {
  const [a, b] = [rangeOf(one), rangeOf(other)];
  return a.family === b.family && a.first <= b.last && b.first <= a.last;
}

/** IPv4 by hand: an object of the library for each of a hundred thousand addresses takes longer than all else that is done with them. */
function numberOf(address: IpAddress): bigint {
  if (familyOf(address) === 6) return new Address6(address).bigInt();
  return BigInt(address.split('.').reduce((value, byte) => value * 256 + Number(byte), 0));
}

/** The inverse of `rangeOf(address).first`. */
export function addressFrom(value: bigint, family: Family): IpAddress {
  if (family === 6) return Address6.fromBigInt(value).correctForm();
  const number = Number(value);
  return [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join('.');
}

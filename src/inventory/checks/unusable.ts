import { type IpAddress, rangeOf } from '../../domain/address.ts';

/** Addresses no packet between two hosts can have (RFC 6890, RFC 4291). */
const UNUSABLE: readonly (readonly [prefix: string, what: string])[] = [
  ['0.0.0.0/8', 'the unspecified address'],
  ['127.0.0.0/8', 'a loopback address'],
  ['224.0.0.0/4', 'a multicast address'],
  ['240.0.0.0/4', 'a reserved or broadcast address'],
  ['::/128', 'the unspecified address'],
  ['::1/128', 'a loopback address'],
  ['ff00::/8', 'a multicast address'],
];

const RANGES = UNUSABLE.map(([prefix, what]) => ({ ...rangeOf(prefix), what }));

/** What makes an address unusable on a tunnel; undefined for a good one. */
export function unusable(address: IpAddress): string | undefined {
  const { family, first: value } = rangeOf(address);
  return RANGES.find((range) => range.family === family && range.first <= value && value <= range.last)?.what;
}

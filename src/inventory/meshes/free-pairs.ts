import { type AddressRange, addressFrom, type IpAddress, type Prefix, rangeOf } from '../../domain/address.ts';

/** The two addresses of a /31 or /127. */
export type AddressPair = readonly [IpAddress, IpAddress];

/**
 * The pairs of a pool, lowest first, that share no address with what is taken (RFC 3021, RFC 6164: both of them may be used).
 *
 * @param taken - in any order; ranges may overlap each other
 */
export function* freePairs(pool: Prefix, taken: readonly AddressRange[]): Generator<AddressPair> {
  const { family, first, last } = rangeOf(pool);
  const ranges = taken
    .filter((range) => range.family === family)
    .sort((one, other) => Number(one.first > other.first) - Number(one.first < other.first));
  let index = 0;
  for (let low = first; low + 1n <= last; ) {
    while ((ranges[index]?.last ?? low) < low) index += 1;
    const range = ranges[index];
    if (range === undefined || range.first > low + 1n) {
      yield [addressFrom(low, family), addressFrom(low + 1n, family)];
      low += 2n;
    } else low = (range.last | 1n) + 1n;
  }
}

/** How many tunnels a pool has room for, were nothing of it taken. */
export function roomOf(pool: Prefix): bigint {
  const { first, last } = rangeOf(pool);
  return (last - first + 1n) / 2n;
}

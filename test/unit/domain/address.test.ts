import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contains, familyOf, networkOf, overlaps, parseAddress, parseInterfaceAddress, parsePrefix, rangeOf } from '../../../src/domain/address.ts';

const address4 = fc.ipV4();
const address6 = fc.ipV6().map((text) => parseAddress(text) ?? '::1');
const interface4 = fc.record({ address: address4, length: fc.integer({ min: 0, max: 32 }) });
const interface6 = fc.record({ address: address6, length: fc.integer({ min: 0, max: 128 }) });
const anyInterface = fc.oneof(interface4, interface6);

describe('parseAddress', () => {
  it.each(['010.0.0.1', '1', '10.1', '0x0a.0.0.1', '10.0.0.256', '10.0.0.1/24', 'fe80::1%eth0', '', ' 10.0.0.1', '::1::', 'router-a'])(
    'refuses %j',
    (text) => {
      expect(parseAddress(text)).toBeUndefined();
    },
  );

  it('writes IPv6 in its one canonical form', () => {
    expect(parseAddress('2001:DB8:0:0:0:0:0:1')).toBe('2001:db8::1');
  });

  it('takes canonical text as it is', () => {
    fc.assert(fc.property(fc.oneof(address4, address6), (address) => parseAddress(address) === address));
  });
});

describe('parseInterfaceAddress', () => {
  it.each(['10.0.0.1', '10.0.0.1/33', '10.0.0.1/', '10.0.0.1/08', '10.0.0.1/-1', '::1/129', '10.0.0.1/24/24'])('refuses %j', (text) => {
    expect(parseInterfaceAddress(text)).toBeUndefined();
  });

  it('reads what it would write', () => {
    fc.assert(
      fc.property(anyInterface, ({ address, length }) => {
        expect(parseInterfaceAddress(`${address}/${length}`)).toEqual({ address, length });
      }),
    );
  });
});

describe('networks', () => {
  it('refuses a prefix with host bits', () => {
    expect(parsePrefix('10.2.1.5/24')).toBeUndefined();
    expect(parsePrefix('10.2.1.0/24')).toBe('10.2.1.0/24');
  });

  it('holds the address it was made of, and is a prefix', () => {
    fc.assert(
      fc.property(anyInterface, ({ address, length }) => {
        const network = networkOf(address, length);
        expect(contains(network, address)).toBe(true);
        expect(parsePrefix(network)).toBe(network);
        expect(networkOf(network.split('/')[0] ?? '', length)).toBe(network);
      }),
    );
  });

  it('overlap when one holds the other, and never otherwise', () => {
    fc.assert(
      fc.property(anyInterface, anyInterface, (one, other) => {
        const [a, b] = [networkOf(one.address, one.length), networkOf(other.address, other.length)];
        expect(overlaps(a, b)).toBe(contains(a, b) || contains(b, a));
        expect(overlaps(a, b)).toBe(overlaps(b, a));
      }),
    );
  });

  it('of different families have nothing in common', () => {
    fc.assert(
      fc.property(interface4, interface6, (one, other) => !overlaps(networkOf(one.address, one.length), networkOf(other.address, other.length))),
    );
    expect(contains('0.0.0.0/0', '::1')).toBe(false);
  });

  it('has 2^(bits - length) addresses', () => {
    fc.assert(
      fc.property(anyInterface, ({ address, length }) => {
        const { first, last } = rangeOf(networkOf(address, length));
        return last - first + 1n === 2n ** BigInt((familyOf(address) === 4 ? 32 : 128) - length);
      }),
    );
  });
});

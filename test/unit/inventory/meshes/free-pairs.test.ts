import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { overlaps, rangeOf } from '../../../../src/domain/address.ts';
import { freePairs } from '../../../../src/inventory/meshes/free-pairs.ts';

const networks = fc.array(fc.tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 24, max: 32 })), { maxLength: 8 });

describe('freePairs', () => {
  it('gives every pair of a pool, lowest first', () => {
    expect([...freePairs('10.0.0.0/30', [])]).toEqual([
      ['10.0.0.0', '10.0.0.1'],
      ['10.0.0.2', '10.0.0.3'],
    ]);
    expect([...freePairs('10.0.0.0/32', [])]).toEqual([]);
  });

  it('jumps over what is taken, however large the pool is', () => {
    const [first] = freePairs('fd00::/16', [rangeOf('fd00::/17')]);
    expect(first).toEqual(['fd00:8000::', 'fd00:8000::1']);
  });

  it('leaves out the pairs that meet what is taken, and no other', () => {
    fc.assert(
      fc.property(networks, (parts) => {
        const taken = parts.map(([last, length]) => `10.0.0.${last}/${length}`);
        const given = [...freePairs('10.0.0.0/24', taken.map(rangeOf))].map(([low]) => low);
        const expected = Array.from({ length: 128 }, (_, index) => `10.0.0.${index * 2}`).filter(
          (low) => !taken.some((one) => overlaps(`${low}/31`, one)),
        );
        expect(given).toEqual(expected);
      }),
    );
  });
});

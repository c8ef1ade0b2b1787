import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editDistance, nearest } from '../../../src/inventory/nearest.ts';

describe('nearest', () => {
  it.each([
    ['tll', ['ttl', 'mtu'], 'ttl'],
    ['adress', ['address', 'device'], 'address'],
    ['Mode', ['mode'], 'mode'],
    ['gr', ['gre'], 'gre'],
    ['xy', ['gre'], undefined],
    ['colour', ['ttl', 'mode'], undefined],
  ])('%s of %j is %s', (word, candidates, expected) => {
    expect(nearest(word, candidates)).toBe(expected);
  });
});

describe('editDistance', () => {
  it('is a distance that one edit moves by one at most', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 8 });
    fc.assert(
      fc.property(word, word, fc.nat(8), (one, other, at) => {
        expect(editDistance(one, one)).toBe(0);
        expect(editDistance(one, other)).toBe(editDistance(other, one));
        expect(editDistance(one, `${one.slice(0, at)}x${one.slice(at)}`)).toBe(1);
        expect(editDistance(one, other)).toBeLessThanOrEqual(Math.max(one.length, other.length));
      }),
    );
  });

  it('counts a swap of neighbours as one', () => {
    expect(editDistance('abcd', 'abdc')).toBe(1);
  });
});

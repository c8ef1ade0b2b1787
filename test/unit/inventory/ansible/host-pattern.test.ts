import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expandHostPattern } from '../../../../src/inventory/ansible/host-pattern.ts';

describe('expandHostPattern', () => {
  it.each([
    ['router', ['router']],
    ['r[1:3]', ['r1', 'r2', 'r3']],
    ['r[01:03]', ['r01', 'r02', 'r03']],
    ['r[08:11].net', ['r08', 'r09', 'r10', 'r11'].map((name) => `${name}.net`)],
    ['r[:2]', ['r0', 'r1', 'r2']],
    ['r[1:9:3]', ['r1', 'r4', 'r7']],
    ['[a:c]', ['a', 'b', 'c']],
    ['[x:B]', ['x', 'y', 'z', 'A', 'B']],
    ['[a:e:2]', ['a', 'c', 'e']],
    ['[a:b]-[1:2]', ['a-1', 'a-2', 'b-1', 'b-2']],
    ['10.0.0.[1:2]', ['10.0.0.1', '10.0.0.2']],
  ])('%s', (pattern, names) => {
    expect(expandHostPattern(pattern)).toEqual({ names });
  });

  it('splits off a port, which is no part of a range', () => {
    expect(expandHostPattern('router:2222')).toEqual({ names: ['router'], port: 2222 });
    expect(expandHostPattern('r[1:2]:22')).toEqual({ names: ['r1', 'r2'], port: 22 });
    expect(expandHostPattern('[2001:db8::7]:22')).toEqual({ names: ['2001:db8::7'], port: 22 });
  });

  it('keeps an IPv6 address whole', () => {
    expect(expandHostPattern('2001:db8::7')).toEqual({ names: ['2001:db8::7'] });
  });

  it('gives as many hosts as the range has numbers', () => {
    fc.assert(
      fc.property(fc.nat(500), fc.nat(500), fc.integer({ min: 1, max: 9 }), (first, count, step) => {
        const pattern = expandHostPattern(`r[${first}:${first + count}:${step}]`);
        expect('names' in pattern && pattern.names.length).toBe(Math.floor(count / step) + 1);
      }),
    );
  });

  it.each(['r[3:1]', 'r[1]', 'r[1:]', 'r[01:100]', 'r[a:3]', 'r[1:2', 'r[1:5:0]', 'r[1:1000000]', '[1:999][1:999]'])('refuses %s', (pattern) => {
    expect(expandHostPattern(pattern)).toHaveProperty('refused');
  });
});

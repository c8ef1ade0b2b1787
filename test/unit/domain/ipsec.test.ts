import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type IpsecPolicy, policySlot, policyText, reqidOf } from '../../../src/domain/ipsec.ts';

const POLICY: IpsecPolicy = { direction: 'out', from: '30.1.1.1/32', to: '30.1.1.2/32', protocol: 47, priority: 205 };

describe('the reqid of a tunnel', () => {
  it('is the same in every release, since it says whose an association is', () => {
    expect(['gre1', 'site-to-site', 'a'].map(reqidOf)).toEqual([4_203_776_766, 4_039_817_268, 3_826_002_220]);
  });

  it('is none that people or daemons count up to, and one the kernel can have', () => {
    fc.assert(
      fc.property(fc.string(), (name) => {
        expect(reqidOf(name)).toBeGreaterThanOrEqual(2 ** 31);
        expect(reqidOf(name)).toBeLessThan(2 ** 32);
      }),
    );
  });
});

describe('two policies', () => {
  it('exclude each other by what they are for, not by what they lead to', () => {
    const path = { source: '30.1.1.1', destination: '30.1.1.2', reqid: 7, mode: 'transport' } as const;
    expect(policySlot({ ...POLICY, priority: 9, path })).toBe(policySlot(POLICY));
    expect(policyText({ ...POLICY, path })).not.toBe(policyText(POLICY));
    for (const other of [{ protocol: 4 }, { port: 4789 }, { mark: 42 }, { direction: 'in' as const }, { to: '30.1.1.3/32' }])
      expect(policySlot({ ...POLICY, ...other })).not.toBe(policySlot(POLICY));
  });
});

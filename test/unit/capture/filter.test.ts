import { describe, expect, it } from 'vitest';
import { captureFilter } from '../../../src/capture/filter.ts';
import type { End } from '../../../src/capture/outer.ts';
import { mirror } from '../../../src/domain/endpoint.ts';
import type { Attributes } from '../../../src/domain/observed.ts';
import type { Tunnel } from '../../../src/domain/tunnel.ts';
import { aTunnel } from '../../support/builders.ts';

function filter(
  fields: Partial<Tunnel>,
  { locals = ['30.1.1.1', '30.1.1.2'], observed = {} }: { readonly locals?: readonly string[]; readonly observed?: Attributes } = {},
): string {
  const [first, second] = mirror(aTunnel(fields), { locals: [locals[0] ?? '', locals[1] ?? ''], mtuBytes: 1400 });
  const link = { device: 'gre1', isUp: true, mtuBytes: 1400, attributes: observed, addresses: [] };
  const ends: readonly [End, End] = [{ wanted: first, ...(Object.keys(observed).length === 0 ? {} : { link }) }, { wanted: second }];
  return captureFilter(ends[0], ends);
}

const BETWEEN = 'ip host 30.1.1.1 and ip host 30.1.1.2 and';
const KEY_1 = '((ip[20] & 0xa0 = 0x20 and ip[24:4] = 1) or (ip[20] & 0xa0 = 0xa0 and ip[28:4] = 1))';

describe('the filter of a capture', () => {
  it('takes GRE of the tunnel’s own key only, with or without a checksum before it', () => {
    expect(filter({})).toBe(`${BETWEEN} ((ip proto 47 and (ip[6:2] & 0x1fff != 0 or ${KEY_1})))`);
  });

  it('takes the key that a device really has as well, so that a wrong one is seen', () => {
    expect(filter({}, { observed: { ikey: 7, okey: 7 } })).toContain('ip[24:4] = 7');
  });

  it.each<[Partial<Tunnel>, string]>([
    [{ mode: 'ipip' }, '((ip proto 4))'],
    [{ mode: 'sit' }, '((ip proto 41))'],
    [{ mode: 'gre', ipsec: true }, '((ip proto 50))'],
    [{ mode: 'vti' }, '((ip proto 50))'],
    [{ mode: 'vxlan', vni: 7 }, '(udp dst port 4789 and ip[32:4] >> 8 = 7)'],
    [{ mode: 'gre', encap: { type: 'fou', port: 5555 } }, '(udp port 5555)'],
  ])('of %j is for what carries it', (fields, terms) => {
    expect(filter(fields)).toBe(`${BETWEEN} ${terms}`);
  });

  it('looks behind the options that ip6_tunnel writes before what it carries', () => {
    const text = filter({ mode: 'ip6tnl' }, { locals: ['fd00::1', 'fd00::2'] });
    expect(text).toBe(
      'ip6 host fd00::1 and ip6 host fd00::2 and ((ip6[6] = 4 or (ip6[6] = 60 and ip6[40] = 4) or ip6[6] = 44) or (ip6[6] = 41 or (ip6[6] = 60 and ip6[40] = 41) or ip6[6] = 44))',
    );
    expect(filter({ mode: 'ip6gre' }, { locals: ['fd00::1', 'fd00::2'] })).toContain('(ip6[6] = 60 and ip6[40] = 47 and (ip6[48] & 0x20 = 0))');
  });
});

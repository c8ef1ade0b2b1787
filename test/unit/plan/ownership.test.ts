import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ForwardingMark, formatAlias, MOST_ALIAS_BYTES, parseAlias } from '../../../src/plan/ownership.ts';
import { findStrays } from '../../../src/plan/strays.ts';
import { anObservedHost } from '../../support/builders.ts';

const NAME = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_.-]{0,30}$/);
const MARK: fc.Arbitrary<ForwardingMark> = fc.record({
  name: fc.constantFrom('ip_forward', 'ipv6_forwarding'),
  keepOn: fc.uniqueArray(NAME, { maxLength: 4 }),
});

describe('an alias', () => {
  it('says what was put into it', () => {
    fc.assert(
      fc.property(NAME, fc.uniqueArray(MARK, { selector: ({ name }) => name }), (tunnel, marks) => {
        expect(parseAlias(formatAlias({ tunnel, marks }))).toEqual({ tunnel, marks });
      }),
    );
  });

  it.each([
    [undefined],
    [''],
    ['uplink to Berlin'],
    ['Tunorch:gre1'],
    [' tunorch:gre1'],
    ['tunorch:'],
    ['tunorch:gre1\nreboot\n,x'],
    ['tunorch:a#b'],
  ])('of somebody else is not ours: %j', (alias) => {
    expect(parseAlias(alias)).toBeUndefined();
  });

  it('keeps what it understands where a later version wrote more', () => {
    expect(parseAlias('tunorch:gre1,ip_forward=0:eth1,colour=blue')).toEqual({ tunnel: 'gre1', marks: [{ name: 'ip_forward', keepOn: ['eth1'] }] });
  });

  it('fits for a tunnel whose name is as long as a device’s, with both marks', () => {
    const alias = formatAlias({
      tunnel: 'a'.repeat(15),
      marks: [
        { name: 'ip_forward', keepOn: [] },
        { name: 'ipv6_forwarding', keepOn: [] },
      ],
    });
    expect(Buffer.byteLength(alias)).toBeLessThan(MOST_ALIAS_BYTES);
  });
});

describe('strays', () => {
  const link = (device: string, alias: string, mode: { readonly mode?: 'gre' } = { mode: 'gre' }) => ({
    device,
    ...mode,
    alias,
    isUp: true,
    mtuBytes: 1476,
    attributes: {},
    addresses: [],
  });
  const host = (name: string, ...links: readonly ReturnType<typeof link>[]) => [name, anObservedHost({ host: name, links })] as const;

  it('are tunnels with our mark that the inventory does not have, with both their ends', () => {
    const hosts = new Map([host('a', link('gre1', 'tunorch:old'), link('gre2', 'tunorch:kept')), host('b', link('gre7', 'tunorch:old'))]);
    expect(findStrays(hosts, new Set(['kept']))).toMatchObject([
      {
        name: 'old',
        ends: [
          { host: 'a', device: 'gre1' },
          { host: 'b', device: 'gre7' },
        ],
        tunnel: { state: 'absent', mode: 'gre' },
      },
    ]);
  });

  it('may have one end only', () => {
    const [stray] = findStrays(new Map([host('a', link('gre1', 'tunorch:old'))]), new Set());
    expect(stray?.tunnel.endpoints.map((end) => end.host)).toEqual(['a', 'a']);
  });

  it('are none where marks are missing, or the kind is not known', () => {
    const hosts = new Map([host('a', link('gre1', 'uplink'), link('wg0', 'tunorch:old', {}))]);
    expect(findStrays(hosts, new Set())).toEqual([]);
  });
});

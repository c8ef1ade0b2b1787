import { describe, expect, it } from 'vitest';
import type { ObservedHost, ObservedRoute } from '../../../src/domain/observed.ts';
import { compareSnapshots } from '../../../src/plan/snapshot.ts';
import { anObservedHost } from '../../support/builders.ts';

const before = anObservedHost();
const route: ObservedRoute = { to: '10.0.0.0/8', type: 'unicast', device: 'eth0', table: 254, metric: 0, protocol: 'static', isRestorable: true };

function onEth0(change: Partial<ObservedHost['links'][number]>): ObservedHost {
  return { ...before, links: before.links.map((link) => ({ ...link, ...change })) };
}

describe('two snapshots', () => {
  it.each<[string, ObservedHost, readonly string[]]>([
    ['an address that is gone', onEth0({ addresses: [] }), ['missing: address on eth0']],
    ['an MTU that is another', onEth0({ mtuBytes: 1400 }), ['missing: link eth0', 'new: link eth0']],
    ['a link that is down', onEth0({ isUp: false }), ['missing: link eth0', 'new: link eth0']],
    ['an alias that came', onEth0({ alias: 'x' }), ['missing: link eth0', 'new: link eth0']],
    ['a route that came', { ...before, routes: [route] }, ['new: route']],
    [
      'forwarding that is on',
      { ...before, sysctls: new Map([['net/ipv4/ip_forward', '1']]) },
      ['missing: sysctl net/ipv4/ip_forward 0', 'new: sysctl net/ipv4/ip_forward 1'],
    ],
  ])('differ by %s', (_what, after, texts) => {
    const found = compareSnapshots(before, after).map(({ text }) => text);
    expect(found).toHaveLength(texts.length);
    for (const [index, text] of texts.entries()) expect(found[index]?.startsWith(text)).toBe(true);
  });

  it('say to which device a difference belongs', () => {
    const after = { ...onEth0({ addresses: [] }), routes: [route], sysctls: new Map([...before.sysctls, ['net/ipv4/conf/eth0/forwarding', '1']]) };
    expect(compareSnapshots(before, after).map(({ belongsTo }) => belongsTo)).toEqual(['eth0', 'eth0', 'eth0']);
  });

  it.each<[string, Partial<ObservedHost>]>([
    [
      'devices a module made by itself',
      { links: [...before.links, { device: 'gre0', kind: 'gre', isUp: false, mtuBytes: 1476, attributes: {}, addresses: [] }] },
    ],
    ['their settings', { sysctls: new Map([...before.sysctls, ['net/ipv4/conf/gre0/forwarding', '0']]) }],
    [
      'what the kernel routes to a link-local address',
      { routes: [{ ...route, to: 'fe80::5efe:101:101/128', type: 'local', protocol: 'kernel', table: 255 }] },
    ],
  ])('do not differ by %s', (_what, change) => {
    expect(compareSnapshots(before, { ...before, ...change })).toEqual([]);
  });

  it('do not differ by an address of the kernel’s own making', () => {
    const [link] = before.links;
    const addresses = [...(link?.addresses ?? []), { address: 'fe80::1', length: 64, isKernelMade: true }];
    expect(compareSnapshots(before, onEth0({ addresses }))).toEqual([]);
  });
});

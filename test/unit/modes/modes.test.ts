import { describe, expect, it } from 'vitest';
import { type Endpoint, mirror } from '../../../src/domain/endpoint.ts';
import type { Attributes } from '../../../src/domain/observed.ts';
import type { ModeName, Tunnel } from '../../../src/domain/tunnel.ts';
import { fallbackDevices, modeOf, modeOfLink, modes } from '../../../src/modes/index.ts';
import { aTunnel } from '../../support/builders.ts';

const IPV4 = ['30.1.1.1', '30.1.1.2'] as const;
const IPV6 = ['fd00:30::1', 'fd00:30::2'] as const;

/** One end of a tunnel of this mode, with keys where it has keys. */
function endpointOf(name: ModeName, options: Partial<Tunnel> = {}): Endpoint {
  const mode = modeOf(name);
  const keys = mode.hasKey ? ([{ ikey: 1 }, { ikey: 2 }] as const) : ([{}, {}] as const);
  const vni = name === 'vxlan' ? { vni: 42 } : {};
  const [endpoint] = mirror(aTunnel({ mode: name, ttl: 64, ...vni, ...options }, keys), {
    locals: mode.underlay.includes(4) ? IPV4 : IPV6,
    mtuBytes: 1400,
  });
  return endpoint;
}

function addWords(name: ModeName, options: Partial<Tunnel> = {}): string {
  const mode = modeOf(name);
  return [mode.kind, ...mode.addArguments(mode.attributes(endpointOf(name, options)))].join(' ');
}

function changeWords(name: ModeName, from: Attributes, to: Attributes): readonly string[] {
  return modeOf(name)
    .changeArguments(from, to)
    .map((words) => words.join(' '));
}

describe('the registry of modes', () => {
  it('has each mode under its own name, and finds it by what the kernel says of its devices', () => {
    for (const [name, mode] of modes) {
      expect(mode.name).toBe(name);
      expect(modeOf(name)).toBe(mode);
      expect(modeOfLink(mode.kind, name === 'isatap' ? { isatap: true } : {})).toBe(mode);
    }
  });

  it('knows no mode for other kinds', () => {
    expect(modeOfLink('wireguard', {})).toBeUndefined();
  });

  it('knows the devices that modules make by themselves', () => {
    expect([...fallbackDevices].toSorted()).toEqual(
      ['erspan0', 'gre0', 'gretap0', 'ip6_vti0', 'ip6gre0', 'ip6tnl0', 'ip_vti0', 'sit0', 'tunl0'].toSorted(),
    );
  });
});

describe('the words of ip link', () => {
  it.each<[ModeName, Partial<Tunnel>, string]>([
    ['gre', {}, 'gre local 30.1.1.1 remote 30.1.1.2 ikey 1 okey 2 ttl 64 pmtudisc'],
    [
      'gre',
      { ttl: 'inherit', tos: 'inherit', csum: true, seq: true, pmtudisc: false, ignoreDf: true },
      'gre local 30.1.1.1 remote 30.1.1.2 ikey 1 okey 2 ttl inherit tos inherit nopmtudisc ignore-df icsum ocsum iseq oseq',
    ],
    ['gretap', { tos: 16 }, 'gretap local 30.1.1.1 remote 30.1.1.2 ikey 1 okey 2 ttl 64 tos 10 pmtudisc'],
    ['ipip', { ttl: 'inherit', pmtudisc: false }, 'ipip mode ipip local 30.1.1.1 remote 30.1.1.2 ttl inherit nopmtudisc'],
    ['ipip', { proto: 'any' }, 'ipip mode any local 30.1.1.1 remote 30.1.1.2 ttl 64 pmtudisc'],
    ['sit', {}, 'sit mode ip6ip local 30.1.1.1 remote 30.1.1.2 ttl 64 pmtudisc'],
    ['isatap', {}, 'sit mode ip6ip isatap local 30.1.1.1 remote 30.1.1.2 ttl 64 pmtudisc'],
    ['vti', { ttl: 9, tos: 16 }, 'vti local 30.1.1.1 remote 30.1.1.2 ikey 1 okey 2'],
    ['ip6gre', {}, 'ip6gre local fd00:30::1 remote fd00:30::2 ikey 1 okey 2 ttl 64 encaplimit none'],
    [
      'ip6gretap',
      { encaplimit: 4, flowlabel: 18, tos: 184, csum: true },
      'ip6gretap local fd00:30::1 remote fd00:30::2 ikey 1 okey 2 ttl 64 tos b8 encaplimit 4 flowlabel 0x12 icsum ocsum',
    ],
    ['ip6tnl', { flowlabel: 'inherit' }, 'ip6tnl mode any local fd00:30::1 remote fd00:30::2 ttl 64 encaplimit none flowlabel inherit'],
    ['ip6tnl', { proto: 'ip6ip6' }, 'ip6tnl mode ip6ip6 local fd00:30::1 remote fd00:30::2 ttl 64 encaplimit none'],
    ['vti6', {}, 'vti6 local fd00:30::1 remote fd00:30::2 ikey 1 okey 2'],
    ['vxlan', {}, 'vxlan id 42 local 30.1.1.1 remote 30.1.1.2 ttl 64 learning dstport 4789'],
    ['vxlan', { port: 8472, ttl: 'inherit' }, 'vxlan id 42 local 30.1.1.1 remote 30.1.1.2 learning ttl inherit dstport 8472'],
  ])('make a device of mode %s with %o', (name, options, words) => {
    expect(addWords(name, options)).toBe(words);
  });

  it.each<[string, ModeName, { readonly from: Attributes; readonly to: Attributes }, readonly string[]]>([
    ['keys that go', 'gre', { from: { ikey: 1, okey: 2 }, to: {} }, ['pmtudisc noikey nookey']],
    ['flags that go', 'gre', { from: { icsum: true, oseq: true }, to: { icsum: true } }, ['pmtudisc icsum nooseq']],
    ['a tos and a mark that go', 'gre', { from: { tos: '10', fwmark: '0x5' }, to: {} }, ['pmtudisc tos 0 fwmark 0']],
    ['fragments that are allowed', 'gre', { from: {}, to: { pmtudisc: false, 'ignore-df': true } }, ['nopmtudisc ignore-df']],
    [
      'fragments that are forbidden again, in two commands because the kernel refuses one',
      'gre',
      { from: { pmtudisc: false, 'ignore-df': true }, to: { pmtudisc: true } },
      ['nopmtudisc noignore-df', 'pmtudisc'],
    ],
    ['a mark that goes', 'ipip', { from: { proto: 'ipip', fwmark: '0x5' }, to: { proto: 'ipip' } }, ['mode ipip pmtudisc fwmark 0']],
    ['keys of vti, which has no word to take them away', 'vti', { from: { ikey: 1, okey: 2 }, to: {} }, ['ikey 0 okey 0']],
    ['a flow label that goes', 'ip6gre', { from: { flowlabel: '0x12', ikey: 1 }, to: {} }, ['noikey flowlabel 0']],
    [
      'a tos of vxlan, without its port',
      'vxlan',
      { from: { id: 7, dstport: 4789, ttl: 64, tos: '10' }, to: { id: 7, dstport: 4789, ttl: 64 } },
      ['id 7 ttl 64 learning tos 0'],
    ],
  ])('switch off in a change: %s', (_what, name, { from, to }, words) => {
    expect(changeWords(name, from, to)).toEqual(words);
  });

  it.each(['gre', 'ipip', 'sit', 'ip6gre', 'ip6tnl'] as const)(
    'restate the ports of an encapsulation in every change of %s, because iproute2 would swap their bytes',
    (name) => {
      const found = modeOf(name).parse({ encap: { type: 'fou', sport: 0, dport: 5555, csum: false, csum6: false, remcsum: false } });
      expect(changeWords(name, found, { ...found, ttl: 9 })[0]).toContain(
        'encap fou encap-sport auto encap-dport 5555 noencap-csum noencap-udp6-csum noencap-remcsum',
      );
    },
  );
});

describe('what is added to each packet', () => {
  it.each<[ModeName, Partial<Endpoint>, number]>([
    ['gre', {}, 24],
    ['gre', { ikey: 1 }, 24],
    ['gre', { okey: 0 }, 28],
    ['gre', { okey: 0, csum: true, seq: true }, 36],
    ['gretap', { okey: 1 }, 42],
    ['ipip', {}, 20],
    ['sit', {}, 20],
    ['isatap', {}, 20],
    ['ip6gre', {}, 44],
    ['ip6gre', { okey: 1 }, 48],
    ['ip6gre', { encaplimit: 4 }, 52],
    ['ip6gretap', {}, 58],
    ['ip6tnl', {}, 40],
    ['ip6tnl', { encaplimit: 0 }, 48],
    ['vxlan', {}, 50],
    ['vxlan', { remote: 'fd00:30::2' }, 70],
    ['vti', {}, 62],
    ['vti6', {}, 94],
    ['gre', { ipsec: true }, 1500 - 1442],
    ['gre', { ipsec: true, okey: 1 }, 1500 - 1438],
    ['vti', { ipsec: true }, 1500 - 1446],
    ['vti6', { ipsec: true }, 1500 - 1426],
  ])('is of %s with %o: %i bytes', (name, fields, bytes) => {
    const remote = modeOf(name).underlay.includes(4) ? IPV4[1] : IPV6[1];
    expect(modeOf(name).overheadBytes({ remote, ...fields }, 1500)).toBe(bytes);
  });

  it('leaves room for whole blocks of what ESP agreed upon', () => {
    const largest = (room: number) => room - modeOf('vti').overheadBytes({ remote: IPV4[1] }, room);
    expect([1500, 1499, 1484, 1483].map(largest)).toEqual([1438, 1422, 1422, 1406]);
  });
});

describe('the largest MTU', () => {
  it.each<[ModeName, Partial<Endpoint>, number]>([
    ['gre', {}, 65_511],
    ['gre', { okey: 1, csum: true, seq: true }, 65_499],
    ['gretap', {}, 65_497],
    ['ip6gretap', {}, 65_473],
    ['ip6gretap', { okey: 1, csum: true, seq: true }, 65_449],
    ['ipip', {}, 65_515],
  ])('of %s with %o is %i bytes, as measured', (name, fields, bytes) => {
    const remote = modeOf(name).underlay.includes(4) ? IPV4[1] : IPV6[1];
    expect(modeOf(name).mostMtu({ remote, ...fields })).toBe(bytes);
  });
});

describe('what tells two devices apart', () => {
  const identity = (name: ModeName, fields: Partial<Endpoint> = {}) => modeOf(name).identity({ local: '1.1.1.1', remote: '1.1.1.2', ...fields });

  it('is the addresses, the ikey and the link, with GRE', () => {
    for (const name of ['gre', 'gretap', 'ip6gre', 'ip6gretap'] as const) {
      expect(identity(name, { ikey: 1 })).toBe(identity(name, { ikey: 1 }));
      expect(identity(name, { ikey: 1 })).not.toBe(identity(name));
      expect(identity(name, { ikey: 0 })).not.toBe(identity(name));
      expect(identity(name, { dev: 'eth1' })).not.toBe(identity(name));
    }
  });

  it('is not the key of the others', () => {
    for (const name of ['ipip', 'sit', 'isatap', 'vti', 'ip6tnl', 'vti6'] as const) expect(identity(name, { ikey: 1 })).toBe(identity(name));
  });

  it('is the vni, the port and the family of vxlan, whatever the addresses', () => {
    expect(identity('vxlan', { vni: 1 })).toBe(identity('vxlan', { vni: 1, remote: '1.1.1.3', port: 4789 }));
    expect(identity('vxlan', { vni: 1 })).not.toBe(identity('vxlan', { vni: 2 }));
    expect(identity('vxlan', { vni: 1 })).not.toBe(identity('vxlan', { vni: 1, port: 8472 }));
    expect(identity('vxlan', { vni: 1 })).not.toBe(identity('vxlan', { vni: 1, remote: 'fd00::2' }));
  });

  it('is the same for ip6gre and ip6gretap, of which the kernel would let neither change once the other is alike', () => {
    expect(identity('ip6gre', { ikey: 1 })).toBe(identity('ip6gretap', { ikey: 1 }));
    expect(identity('ip6gre', { ikey: 1 })).not.toBe(identity('ip6gretap', { ikey: 2 }));
  });

  it('is the same for sit and isatap, which the kernel keeps in one table', () => {
    expect(identity('sit')).toBe(identity('isatap'));
    expect(identity('gre')).not.toBe(identity('gretap'));
  });
});

describe('what the kernel changes in place', () => {
  const isChangeable = (mode: ModeName, name: string, from: Attributes, to: Attributes) => modeOf(mode).isChangeable(name, { from, to });

  it('is a link to be bound to, and not that it is bound to none any more', () => {
    expect(isChangeable('gre', 'dev', {}, { dev: 'eth1' })).toBe(true);
    expect(isChangeable('gre', 'dev', { dev: 'eth1' }, {})).toBe(false);
  });

  it('is not the one remote of a device that had many', () => {
    expect(isChangeable('gre', 'remote', {}, { remote: '1.1.1.2' })).toBe(false);
  });

  it('is what ip6tnl carries, but not what ipip and sit carry', () => {
    const [from, to] = [{ proto: 'any' }, { proto: 'ipip' }];
    expect(isChangeable('ip6tnl', 'proto', from, to)).toBe(true);
    expect(isChangeable('ipip', 'proto', from, to)).toBe(false);
    expect(isChangeable('sit', 'proto', from, to)).toBe(false);
  });

  it('is neither vni nor port nor family of vxlan, nor whether it copies the ttl', () => {
    expect(isChangeable('vxlan', 'id', { id: 1 }, { id: 2 })).toBe(false);
    expect(isChangeable('vxlan', 'dstport', { dstport: 1 }, { dstport: 2 })).toBe(false);
    expect(isChangeable('vxlan', 'remote', { remote: '1.1.1.1' }, { remote: '1.1.1.2' })).toBe(true);
    expect(isChangeable('vxlan', 'remote', { remote: '1.1.1.1' }, { remote: 'fd00::2' })).toBe(false);
    expect(isChangeable('vxlan', 'ttl', { ttl: 64 }, { ttl: 9 })).toBe(true);
    expect(isChangeable('vxlan', 'ttl', { ttl: 64 }, { ttl: 'inherit' })).toBe(false);
  });
});

describe('what iproute2 prints', () => {
  it('of a key is read as the number it is, whatever its highest bit', () => {
    expect(modeOf('gre').parse({ ikey: '255.255.255.255', okey: '0.0.0.0' })).toMatchObject({ ikey: 4_294_967_295, okey: 0 });
  });

  it('of a vti key of 0 is no key', () => {
    expect(modeOf('vti').parse({ ikey: '0.0.0.0' })).toEqual({});
  });

  it('of a device that somebody made for any protocol is read as such', () => {
    expect(modeOf('ipip').parse({ proto: 'any', local: '1.1.1.1', remote: 'any', ttl: 0, pmtudisc: true })).toEqual({
      proto: 'any',
      local: '1.1.1.1',
      ttl: 'inherit',
      pmtudisc: true,
    });
  });

  it('of a vxlan device that somebody made is all there to make it again', () => {
    const found = {
      id: 42,
      remote6: 'fd00:30::2',
      local6: 'fd00:30::1',
      port_range: { low: 1000, high: 2000 },
      port: 4789,
      learning: false,
      proxy: true,
      tos: '0x10',
      ttl: 0,
      df: 'set',
      label: '0x12',
      ageing: 5,
      limit: 10,
      udp_csum: false,
      udp_zero_csum6_tx: true,
      gbp: true,
    };
    const vxlan = modeOf('vxlan');
    expect(vxlan.addArguments(vxlan.parse(found)).join(' ')).toBe(
      'id 42 local fd00:30::1 remote fd00:30::2 tos 10 df set flowlabel 0x12 ageing 5 ttl auto nolearning dstport 4789 srcport 1000 2000 maxaddress 10 proxy noudpcsum udp6zerocsumtx gbp',
    );
  });

  it('of a 6rd prefix is kept, and its absence is none', () => {
    expect(modeOf('sit').parse({ prefix: '2002::', prefixlen: 16 })).not.toHaveProperty('6rd-prefix');
    expect(modeOf('sit').parse({ prefix: '2001:db8::', prefixlen: 32 })).toMatchObject({ '6rd-prefix': '2001:db8::/32' });
  });
});

describe('rules of the kernel', () => {
  const faults = (name: ModeName, options: Partial<Tunnel>) => (modeOf(name).faults?.({ ttl: 64, ...options }) ?? []).map(({ field }) => field);

  it('are told where fields do not go together', () => {
    expect(faults('gre', { ignoreDf: true })).toEqual(['ignore_df']);
    expect(faults('gre', { ignoreDf: true, pmtudisc: false })).toEqual([]);
    expect(faults('gre', { pmtudisc: false })).toEqual([]);
    expect(faults('sit', { pmtudisc: false })).toEqual(['pmtudisc']);
    expect(faults('sit', { pmtudisc: false, ttl: 'inherit' })).toEqual([]);
  });

  it.each<[string, boolean]>([
    ['fd00:5efe::5efe:30.1.1.1', true],
    ['fd00:5efe::200:5efe:30.1.1.1', true],
    ['fd00:5efe::5efe:30.1.1.9', false],
    ['fd00:5efe::1', false],
  ])('about ISATAP addresses: %s may be one is %s', (address, isRight) => {
    const fault = modeOf('isatap').addressFault?.({ address, length: 64 }, '30.1.1.1');
    expect(fault === undefined).toBe(isRight);
  });
});

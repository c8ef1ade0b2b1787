import { describe, expect, it } from 'vitest';
import { mirror } from '../../../src/domain/endpoint.ts';
import type { Attributes } from '../../../src/domain/observed.ts';
import { gre } from '../../../src/modes/gre.ts';
import { fallbackDevices, modeOf, modeOfKind, modes } from '../../../src/modes/index.ts';
import { ipip } from '../../../src/modes/ipip.ts';
import { aTunnel } from '../../support/builders.ts';

const [endpoint] = mirror(aTunnel({ ttl: 64 }, [{ ikey: 1 }, { ikey: 2 }]), { locals: ['30.1.1.1', '30.1.1.2'], mtuBytes: 1400 });
const keyless = mirror(aTunnel({ mode: 'ipip', ttl: 'inherit' }), { locals: ['30.1.1.1', '30.1.1.2'], mtuBytes: 1400 })[0];

describe('the registry of modes', () => {
  it('has each mode under its own name, which is also its kind', () => {
    for (const [name, mode] of modes) {
      expect(mode.name).toBe(name);
      expect(modeOfKind(name)).toBe(mode);
      expect(modeOf(name)).toBe(mode);
    }
  });

  it('knows no mode for other kinds', () => {
    expect(modeOfKind('vxlan')).toBeUndefined();
  });

  it('knows the devices that modules make by themselves', () => {
    expect([...fallbackDevices].toSorted()).toEqual(['erspan0', 'gre0', 'gretap0', 'tunl0']);
  });
});

describe('gre', () => {
  it('takes 24 bytes of each packet, and 4 more with an okey; an ikey alone costs nothing', () => {
    expect(gre.overheadBytes({})).toBe(24);
    expect(gre.overheadBytes({ okey: 0 })).toBe(28);
  });

  it('is told apart by its addresses, its ikey and the link it is bound to', () => {
    const identity = gre.identity({ local: '1.1.1.1', remote: '1.1.1.2', ikey: 1 });
    expect(gre.identity({ local: '1.1.1.1', remote: '1.1.1.2', ikey: 1 })).toBe(identity);
    expect(gre.identity({ local: '1.1.1.1', remote: '1.1.1.2' })).not.toBe(identity);
    expect(gre.identity({ local: '1.1.1.1', remote: '1.1.1.2', ikey: 0 })).not.toBe(gre.identity({ local: '1.1.1.1', remote: '1.1.1.2' }));
    expect(gre.identity({ local: '1.1.1.1', remote: '1.1.1.2', ikey: 1, dev: 'eth1' })).not.toBe(identity);
  });

  it('writes every attribute of an endpoint', () => {
    expect(gre.addArguments(gre.attributes(endpoint)).join(' ')).toBe('local 30.1.1.1 remote 30.1.1.2 ikey 1 okey 2 ttl 64 pmtudisc');
  });

  it.each<[string, Attributes, Attributes, string]>([
    ['keys that go', { ikey: 1, okey: 2 }, {}, 'pmtudisc noikey nookey'],
    ['flags that go', { icsum: true, oseq: true }, { icsum: true }, 'pmtudisc icsum nooseq'],
    ['a tos and a mark that go', { tos: '10', fwmark: '0x5' }, {}, 'pmtudisc tos 0 fwmark 0'],
    ['fragments that are allowed', {}, { pmtudisc: false, 'ignore-df': true }, 'nopmtudisc ignore-df'],
  ])('switches off in a change: %s', (_what, from, to, words) => {
    expect(gre.changeArguments(from, to).join(' ')).toBe(words);
  });

  it('restates the ports of an encapsulation in every change, because iproute2 would swap their bytes', () => {
    const found = gre.parse({ encap: { type: 'fou', sport: 0, dport: 5555, csum: false, csum6: false, remcsum: false } });
    expect(gre.changeArguments(found, { ...found, ttl: 9 }).join(' ')).toBe(
      'ttl 9 pmtudisc encap fou encap-sport auto encap-dport 5555 noencap-csum noencap-csum6 noencap-remcsum',
    );
  });

  it('reads a key as the number it is, whatever its highest bit', () => {
    expect(gre.parse({ ikey: '255.255.255.255', okey: '0.0.0.0' })).toMatchObject({ ikey: 4_294_967_295, okey: 0 });
  });
});

describe('ipip', () => {
  it('takes 20 bytes of each packet', () => {
    expect(ipip.overheadBytes({})).toBe(20);
  });

  it('has one tunnel to a peer, whatever keys are said', () => {
    expect(ipip.identity({ local: '1.1.1.1', remote: '1.1.1.2', ikey: 1 })).toBe(ipip.identity({ local: '1.1.1.1', remote: '1.1.1.2' }));
  });

  it('always states its own mode, because ip link and ip tunnel differ in it', () => {
    expect(ipip.addArguments(ipip.attributes(keyless)).join(' ')).toBe('mode ipip local 30.1.1.1 remote 30.1.1.2 ttl inherit pmtudisc');
  });

  it('reads a device that somebody made for any protocol as another mode', () => {
    expect(ipip.parse({ proto: 'any', local: '1.1.1.1', remote: 'any', ttl: 0, pmtudisc: true })).toEqual({
      mode: 'any',
      local: '1.1.1.1',
      ttl: 'inherit',
      pmtudisc: true,
    });
  });
});

describe('every mode', () => {
  it.each([...modes.values()])('$name reads back what it writes', (mode) => {
    const attributes = mode.attributes(mode.hasKey ? endpoint : keyless);
    const said = new Map(
      mode
        .addArguments(attributes)
        .flatMap((word, index, words) => (index % 2 === 0 || words[index + 1] === undefined ? [[word, words[index + 1]] as const] : [])),
    );
    expect(said.get('local') ?? attributes.local).toBe(attributes.local);
    expect(Object.keys(attributes).every((name) => name === 'pmtudisc' || mode.addArguments(attributes).includes(name))).toBe(true);
  });
});

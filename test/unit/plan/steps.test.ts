import { describe, expect, it } from 'vitest';
import type { Tunnel } from '../../../src/domain/tunnel.ts';
import { aTunnel, behind } from '../../support/builders.ts';
import type { KernelFields } from '../../support/builders-kernel.ts';
import { absenceOf, type PairFields, presenceOf } from '../../support/builders-plan.ts';

/** A gre1 that an earlier run made, and what was typed since. */
function made(...since: readonly string[]): KernelFields {
  return {
    typed: [
      'link add name gre1 mtu 1472 type gre local 30.1.1.1 remote 30.1.1.2 ikey 1 okey 1 ttl 255',
      'link set dev gre1 alias tunorch:gre1',
      'address add 10.10.10.1 peer 10.10.10.2 dev gre1',
      'link set dev gre1 up',
      ...since,
    ],
  };
}

function titles(tunnel: Tunnel, fields: PairFields = {}): readonly string[] {
  return presenceOf(tunnel, fields)
    .steps.filter(({ host }) => host === 'router-a')
    .map(({ title }) => title);
}

describe('the steps of one host', () => {
  it('go from modules over the link and its state to its addresses, its routes and forwarding', () => {
    const tunnel = aTunnel({}, [behind('10.1.0.0/16'), behind('10.2.0.0/16')]);
    expect(titles(tunnel)).toEqual([
      'load module ip_gre',
      'add link gre1',
      'set gre1 up',
      'add address 10.10.10.1 peer 10.10.10.2 to gre1',
      'add route 10.2.0.0/16 dev gre1',
      'set sysctl net.ipv4.ip_forward to 1',
    ]);
  });

  it('are none where everything is as declared', () => {
    expect(titles(aTunnel(), { first: made() })).toEqual([]);
  });

  it.each<[string, Tunnel, readonly string[], readonly string[]]>([
    ['another ttl', aTunnel({ ttl: 64 }), [], ['change link gre1: ttl']],
    ['another MTU', aTunnel({ mtuBytes: 1400 }), [], ['set mtu 1400 on gre1']],
    ['another key one way', aTunnel({}, [{ ikey: 5 }, {}]), [], ['change link gre1: ikey']],
    ['fragments allowed', aTunnel(), ['link change dev gre1 type gre nopmtudisc ignore-df'], ['change link gre1: pmtudisc, ignore-df']],
    ['the link down', aTunnel(), ['link set dev gre1 down'], ['set gre1 up']],
    [
      'another mode',
      aTunnel({ name: 'gre1', mode: 'ipip' }),
      [],
      ['load module ipip', 'delete link gre1 to replace it', 'add link gre1', 'set gre1 up', 'add address 10.10.10.1 peer 10.10.10.2 to gre1'],
    ],
    [
      'bound to a link',
      aTunnel(),
      ['link change dev gre1 type gre dev eth0'],
      ['delete link gre1 to replace it', 'add link gre1', 'set gre1 up', 'add address 10.10.10.1 peer 10.10.10.2 to gre1'],
    ],
  ])('are the least that brings back: %s', (_what, tunnel, since, steps) => {
    expect(titles(tunnel, { first: made(...since) })).toEqual(steps);
  });

  it('restate the MTU with every change of attributes, because the kernel moves it with the key', () => {
    const [step] = presenceOf(aTunnel({}, [{ ikey: 5 }, {}]), { first: made() }).steps;
    expect(step?.forward).toMatchObject([{ kind: 'change-link' }, { kind: 'set-mtu', mtuBytes: 1472 }]);
    expect(step?.inverse).toMatchObject([{ kind: 'change-link' }, { kind: 'set-mtu', mtuBytes: 1472 }]);
  });
});

describe('addresses', () => {
  const at = (...addresses: readonly string[]) => aTunnel({}, [{ addresses }, { addresses: ['10.9.0.99/24'] }]);
  const having = (...addresses: readonly string[]) => ({
    first: {
      typed: [...(made().typed ?? []).filter((words) => !words.startsWith('address')), ...addresses.map((words) => `address add ${words} dev gre1`)],
    },
  });

  it.each<[string, Tunnel, PairFields, readonly string[]]>([
    ['new ones are added', at('10.9.0.1/24', '10.8.0.1/24'), having('10.9.0.1/24'), ['add address 10.8.0.1/24 to gre1']],
    [
      'those nobody wants are removed after new ones came',
      at('10.8.0.1/24'),
      having('10.9.0.1/24'),
      ['add address 10.8.0.1/24 to gre1', 'remove address 10.9.0.1/24 from gre1'],
    ],
    ['a secondary goes by itself', at('10.9.0.1/24'), having('10.9.0.1/24', '10.9.0.2/24'), ['remove address 10.9.0.2/24 from gre1']],
    [
      'a whole network goes from its last to its first',
      at('10.8.0.1/24'),
      having('10.8.0.1/24', '10.9.0.1/24', '10.9.0.2/24'),
      ['remove address 10.9.0.2/24 from gre1', 'remove address 10.9.0.1/24 from gre1'],
    ],
    [
      'the first of a network goes together with what hangs on it',
      at('10.9.0.2/24'),
      having('10.9.0.1/24', '10.9.0.2/24'),
      ['exchange addresses of 10.9.0.0/24 on gre1'],
    ],
    ['one takes the place of another in a network', at('10.9.0.5/24'), having('10.9.0.1/24'), ['exchange addresses of 10.9.0.0/24 on gre1']],
    ['a peer comes to an address', at('10.9.0.1/24'), having('10.9.0.1 peer 10.9.0.7/24'), ['exchange addresses of 10.9.0.0/24 on gre1']],
    [
      'an IPv6 address gets another length',
      at('10.9.0.1/24', 'fd00::1/126'),
      having('10.9.0.1/24', 'fd00::1/64'),
      ['exchange addresses of fd00::1 on gre1'],
    ],
  ])('%s', (_what, tunnel, fields, steps) => {
    expect(titles(tunnel, fields)).toEqual(steps);
  });

  it('promotes secondaries while it exchanges, and only then', () => {
    const [step] = presenceOf(at('10.9.0.2/24'), having('10.9.0.1/24', '10.9.0.2/24')).steps;
    const path = 'net/ipv4/conf/gre1/promote_secondaries';
    expect(step?.forward.at(0)).toEqual({ kind: 'set-sysctl', path, value: '1' });
    expect(step?.forward.at(-1)).toEqual({ kind: 'set-sysctl', path, value: '0' });
  });

  it('leaves promotion alone where the host has it on', () => {
    const { first } = having('10.9.0.1/24', '10.9.0.2/24');
    const [step] = presenceOf(at('10.9.0.2/24'), { first: { ...first, sysctls: { 'net/ipv4/conf/all/promote_secondaries': '1' } } }).steps;
    expect(step?.forward.some(({ kind }) => kind === 'set-sysctl')).toBe(false);
  });

  it('of the kernel’s own making stay', () => {
    expect(titles(aTunnel(), { first: made() })).toEqual([]);
  });
});

describe('routes', () => {
  const routed = aTunnel({}, [{}, { networks: ['10.2.0.0/16'] }]);

  it('of ours that nobody wants any more are removed before new ones are added', () => {
    const first = made('route add 10.3.0.0/16 dev gre1 proto 205');
    expect(titles(routed, { first })).toEqual(['remove route 10.3.0.0/16 dev gre1', 'add route 10.2.0.0/16 dev gre1']);
  });

  it('of others through the tunnel stay', () => {
    expect(titles(aTunnel(), { first: made('route add 10.3.0.0/16 dev gre1 proto bgp') })).toEqual([]);
  });

  it('that the kernel makes for an address are not written a second time', () => {
    const tunnel = aTunnel({}, [{ addresses: ['10.9.0.1/24'], routes: [{ to: '10.9.0.0/24' }] }, { addresses: ['10.9.0.2/24'] }]);
    expect(titles(tunnel).filter((title) => title.startsWith('add route'))).toEqual([]);
  });

  it.each<[string, boolean | undefined, string]>([
    ['one they are better than', true, 'route add 10.2.0.0/16 dev eth0 metric 200'],
    ['one that stays the better', undefined, 'route add 10.2.0.0/16 dev eth0 metric 50'],
    ['one to elsewhere', undefined, 'route add 10.3.0.0/16 dev eth0 metric 200'],
  ])('wait for the peer’s end where they take over: beside %s', (_what, waits, typed) => {
    const { steps } = presenceOf(aTunnel({}, [{ metric: 100 }, { networks: ['10.2.0.0/16'] }]), { first: { typed: [typed] } });
    expect(steps.find(({ title }) => title.startsWith('add route 10.2.0.0/16'))?.waitsForPeer).toBe(waits);
  });

  it('say their metric and table where they are not the usual ones', () => {
    const tunnel = aTunnel({}, [{ metric: 50, table: 100 }, { networks: ['10.2.0.0/16'] }]);
    expect(titles(tunnel)).toContain('add route 10.2.0.0/16 dev gre1 table 100 metric 50');
  });
});

describe('a removal', () => {
  it('is nothing where nothing is', () => {
    expect(absenceOf(aTunnel())).toMatchObject({ changes: [], steps: [], problems: [] });
  });

  it('deletes the link, whose way back is everything it had', () => {
    const { steps } = absenceOf(aTunnel(), { first: made('route add 10.3.0.0/16 dev gre1 proto bgp') });
    expect(steps.map(({ title }) => title)).toEqual(['delete link gre1']);
    expect(steps[0]?.inverse.map(({ kind }) => kind)).toEqual(['add-link', 'set-state', 'add-address', 'add-route']);
  });

  it('brings settings of the device itself back, where somebody made them', () => {
    const { steps } = absenceOf(aTunnel(), {
      first: { ...made(), sysctls: {} },
      adjust: (observed) => ({ ...observed, sysctls: new Map([...observed.sysctls, ['net/ipv4/conf/gre1/forwarding', '1']]) }),
    });
    expect(steps[0]?.inverse).toContainEqual({ kind: 'set-sysctl', path: 'net/ipv4/conf/gre1/forwarding', value: '1' });
  });

  it('releases forwarding only where the mark says it was off before', () => {
    const typed = [
      'link add name gre1 type gre local 30.1.1.1 remote 30.1.1.2 ikey 1 okey 1',
      'link set dev gre1 alias tunorch:gre1,ip_forward=0:eth0',
    ];
    const { steps } = absenceOf(aTunnel(), { first: { typed } });
    expect(steps[1]?.forward).toEqual([
      { kind: 'release-forwarding', mark: 'ip_forward', path: 'net/ipv4/ip_forward', keepOn: ['net/ipv4/conf/eth0/forwarding'] },
    ]);
  });

  it('is refused for a device of somebody else', () => {
    const first = { typed: ['link add name gre1 type gre local 30.1.1.1 remote 30.1.1.2'] };
    expect(absenceOf(aTunnel(), { first }).problems).toMatchObject([{ code: 'plan.foreign-device' }]);
  });
});

import { describe, expect, it } from 'vitest';
import type { ObservedHost, ObservedLink } from '../../../src/domain/observed.ts';
import type { Tunnel } from '../../../src/domain/tunnel.ts';
import { aTunnel } from '../../support/builders.ts';
import type { KernelFields } from '../../support/builders-kernel.ts';
import { absenceOf, type PairFields, presenceOf, refusals } from '../../support/builders-plan.ts';

const ipip = aTunnel({ name: 'gre1', mode: 'ipip' });

/** The link an earlier run made, and what somebody typed since. */
function made(...typed: readonly string[]): KernelFields {
  return {
    typed: [
      'link add name gre1 group 205 type gre local 30.1.1.1 remote 30.1.1.2 ikey 1 okey 1 ttl 255',
      'link set dev gre1 alias tunorch:gre1',
      'address add 10.10.10.1 peer 10.10.10.2 dev gre1',
      'link set dev gre1 up',
      ...typed,
    ],
  };
}

function stepsOnA(tunnel: Tunnel, fields: PairFields): readonly string[] {
  return presenceOf(tunnel, fields).steps.flatMap(({ host, title }) => (host === 'router-a' ? [title] : []));
}

function changesOnA(tunnel: Tunnel, fields: PairFields): readonly string[] {
  return presenceOf(tunnel, fields).changes.flatMap(({ host, action, object }) => (host === 'router-a' ? [`${action} ${object}`] : []));
}

function linkWith(change: Partial<ObservedLink>): (observed: ObservedHost) => ObservedHost {
  return (observed) => ({ ...observed, links: observed.links.map((link) => (link.device === 'gre1' ? { ...link, ...change } : link)) });
}

describe('a route that others wrote through a link which is replaced', () => {
  it.each([
    ['straight into it', ['route add 10.9.0.0/16 dev gre1 proto bgp'], '10.9.0.0/16 dev gre1'],
    ['by the peer', ['route add 10.9.0.0/16 via 10.10.10.2 dev gre1 proto bgp metric 20'], '10.9.0.0/16 via 10.10.10.2 dev gre1 metric 20'],
    ['from its own address', ['route add 10.9.0.0/16 dev gre1 src 10.10.10.1'], '10.9.0.0/16 dev gre1'],
  ])('goes over to the new one: %s', (_, typed, route) => {
    expect(stepsOnA(ipip, { first: made(...typed) })).toContain(`keep route ${route}`);
    expect(changesOnA(ipip, { first: made(...typed) })).toContain(`add route ${route}`);
  });

  it('is written behind the one that leads to its gateway', () => {
    const typed = ['route add 10.8.0.0/24 dev gre1 proto static', 'route add 10.9.0.0/16 via 10.8.0.1 dev gre1 proto bgp'];
    expect(stepsOnA(ipip, { first: made(...typed) }).slice(-2)).toEqual([
      'keep route 10.8.0.0/24 dev gre1',
      'keep route 10.9.0.0/16 via 10.8.0.1 dev gre1',
    ]);
  });

  it.each([
    ['is of a family the new link does not carry', ['route add fd00:9::/48 dev gre1 proto bgp'], 'fd00:9::/48 dev gre1'],
    [
      'gives an address as source that goes',
      ['address add 10.7.0.1/24 dev gre1', 'route add 10.9.0.0/16 dev gre1 src 10.7.0.1'],
      '10.9.0.0/16 dev gre1',
    ],
    [
      'has a gateway that nothing leads to any more',
      ['address add 10.7.0.1/24 dev gre1', 'route add 10.9.0.0/16 via 10.7.0.9 dev gre1'],
      '10.9.0.0/16 via 10.7.0.9 dev gre1',
    ],
    ['is ours and nobody wants it any more', ['route add 10.9.0.0/16 dev gre1 proto 205'], '10.9.0.0/16 dev gre1'],
  ])('is named as removed where it %s', (_, typed, route) => {
    expect(changesOnA(ipip, { first: made(...typed) })).toContain(`remove route ${route}`);
    expect(stepsOnA(ipip, { first: made(...typed) }).filter((title) => title.startsWith('keep'))).toEqual([]);
  });
});

describe('what goes with the addresses of a link', () => {
  const elsewhere = 'route add 10.9.0.0/16 dev eth0 src 10.10.10.1';

  it('is written again where the new link has the address', () => {
    const { steps } = presenceOf(ipip, { first: made(elsewhere) });
    expect(steps.map(({ title }) => title)).toContain('keep route 10.9.0.0/16 dev eth0');
    const [deletion] = steps.filter(({ title }) => title.startsWith('delete'));
    expect(deletion?.inverse).toContainEqual(expect.objectContaining({ kind: 'add-route', route: expect.objectContaining({ device: 'eth0' }) }));
  });

  it('is named where the tunnel is removed, and has its way back', () => {
    const { changes, steps } = absenceOf(aTunnel(), { first: made(elsewhere, 'route add 10.8.0.0/16 dev gre1 proto bgp') });
    expect(changes.map(({ action, object }) => `${action} ${object}`)).toEqual([
      'remove link gre1',
      'remove route 10.8.0.0/16 dev gre1',
      'remove route 10.9.0.0/16 dev eth0',
    ]);
    expect(steps[0]?.inverse.filter(({ kind }) => kind === 'add-route')).toHaveLength(2);
  });

  it('names an address that the new link does not get', () => {
    expect(changesOnA(ipip, { first: made('address add 10.7.0.1/24 dev gre1') })).toContain('remove address 10.7.0.1/24 on gre1');
  });
});

describe('what was set on a link', () => {
  const set = made('link set dev gre1 multicast on', 'link set dev gre1 txqueuelen 50', 'link set dev gre1 vrf blue');

  it('goes over to the new one before that has addresses, but for the group, which is ours', () => {
    const { steps } = presenceOf(ipip, { first: set });
    const titles = steps.map(({ title }) => title);
    expect(titles.indexOf('keep what was set on gre1')).toBeLessThan(titles.findIndex((title) => title.startsWith('add address')));
    expect(steps.find(({ title }) => title.startsWith('keep what'))?.forward).toEqual([
      { kind: 'set-link', device: 'gre1', name: 'txqueuelen', value: '50' },
      { kind: 'set-link', device: 'gre1', name: 'multicast', value: 'on' },
      { kind: 'set-link', device: 'gre1', name: 'vrf', value: 'blue' },
    ]);
  });

  it('comes back with the old one, in its own group', () => {
    const first = { typed: ['link add name gre1 type gre local 30.1.1.1 remote 30.1.1.2', 'link set dev gre1 group 7'] };
    const { steps } = presenceOf(ipip, { first, foreignDevices: 'adopt' });
    expect(steps.find(({ title }) => title.startsWith('delete'))?.inverse[0]).toMatchObject({ kind: 'add-link', link: { alias: '', group: '7' } });
  });

  it('is named where a link of another kind may be unable to have it', () => {
    const adjust = linkWith({ settings: { arp: 'on', master: 'br0', promisc: 'on' } });
    expect(changesOnA(ipip, { first: made(), adjust })).toEqual(expect.arrayContaining(['remove arp on on gre1', 'remove master br0 on gre1']));
  });

  it('is no setting of IPv6 where the new link has none', () => {
    const adjust = (observed: ObservedHost) => ({
      ...observed,
      sysctls: new Map([...observed.sysctls, ['net/ipv4/conf/gre1/rp_filter', '2'], ['net/ipv6/conf/gre1/accept_ra', '0']]),
    });
    const kept = (mtuBytes: number) =>
      presenceOf({ ...ipip, mtuBytes }, { first: made(), adjust })
        .steps.filter(({ title }) => title.startsWith('keep'))
        .flatMap(({ forward }) => forward.flatMap((operation) => (operation.kind === 'set-sysctl' ? [operation.path] : [])));
    expect(kept(1480)).toEqual(['net/ipv4/conf/gre1/rp_filter', 'net/ipv6/conf/gre1/accept_ra']);
    expect(kept(1200)).toEqual(['net/ipv4/conf/gre1/rp_filter']);
  });

  it('is not what the kernel decides by itself', () => {
    const adjust = (observed: ObservedHost) => ({
      ...observed,
      sysctls: new Map([...observed.sysctls, ['net/ipv6/conf/gre1/accept_dad', '-1'], ['net/ipv6/conf/gre1/mtu', '1400']]),
    });
    expect(stepsOnA(ipip, { first: made(), adjust }).filter((title) => title.startsWith('keep'))).toEqual([]);
  });
});

describe('what nobody could write back', () => {
  it.each<[string, (observed: ObservedHost) => ObservedHost]>([
    ['its queueing discipline htb', linkWith({ burdens: ['its queueing discipline htb'] })],
    [
      'the link vlan5 on top of it',
      (observed) => ({
        ...observed,
        links: [...observed.links, { device: 'vlan5', isUp: true, mtuBytes: 1400, attributes: {}, addresses: [], over: 'gre1' }],
      }),
    ],
    [
      'the link inner on top of it',
      (observed) => ({
        ...observed,
        links: [...observed.links, { device: 'inner', kind: 'gre', isUp: true, mtuBytes: 1400, attributes: { dev: 'gre1' }, addresses: [] }],
      }),
    ],
  ])('refuses the replacement and the removal: %s', (words, adjust) => {
    const fields = { first: made(), adjust };
    expect(refusals(ipip, fields)).toEqual(['plan.not-restorable']);
    expect(refusals(aTunnel({ ttl: 9 }), fields)).toEqual([]);
    const [problem] = absenceOf(aTunnel(), fields).problems;
    expect(problem?.code).toBe('plan.not-restorable');
    expect(problem?.message).toContain(words);
  });
});

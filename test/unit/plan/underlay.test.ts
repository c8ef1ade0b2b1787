import { describe, expect, it } from 'vitest';
import { lookupKey } from '../../../src/domain/observed.ts';
import { underlayQuestions } from '../../../src/plan/underlay.ts';
import { aTunnel } from '../../support/builders.ts';
import { presenceOf, refusals } from '../../support/builders-plan.ts';

const NOWHERE = new Map<string, readonly string[]>();
const dialled = new Map([
  ['router-a', ['30.1.1.1']],
  ['router-b', ['30.1.1.2']],
]);
/** Neither end says its outer address. */
const silent = (() => {
  const tunnel = aTunnel();
  const [first, second] = tunnel.endpoints.map(({ local: _, ...end }) => end);
  if (first === undefined || second === undefined) throw new Error('a tunnel has two ends');
  return { ...tunnel, endpoints: [first, second] as const };
})();

describe('what each host is asked', () => {
  it('is the way to the peer from the declared address', () => {
    expect(underlayQuestions(aTunnel(), NOWHERE)).toEqual([
      { to: '30.1.1.2', from: '30.1.1.1' },
      { to: '30.1.1.1', from: '30.1.1.2' },
    ]);
  });

  it('is the way to where the peer is dialled, when nothing is declared', () => {
    expect(underlayQuestions(silent, dialled)).toEqual([{ to: '30.1.1.2' }, { to: '30.1.1.1' }]);
  });

  it('is the way to the public address of a peer behind NAT', () => {
    expect(underlayQuestions(aTunnel({}, [{}, { public: '203.0.113.9' }]), NOWHERE)[0]).toEqual({ to: '203.0.113.9', from: '30.1.1.1' });
  });

  it('is nothing where the peer’s address is not known', () => {
    expect(underlayQuestions(silent, NOWHERE)).toEqual([undefined, undefined]);
  });

  it('has a key that tells questions apart', () => {
    expect(lookupKey({ to: '1.1.1.1' })).not.toBe(lookupKey({ to: '1.1.1.1', from: '2.2.2.2' }));
  });
});

describe('the endpoints', () => {
  it('take the address the host would use, where none is declared', () => {
    expect(presenceOf(silent, { addresses: dialled }).endpoints).toMatchObject([
      { local: '30.1.1.1', remote: '30.1.1.2' },
      { local: '30.1.1.2', remote: '30.1.1.1' },
    ]);
  });

  it.each([
    ['keyed gre', aTunnel(), 1472],
    ['gre with a key one way', aTunnel({}, [{ ikey: 1 }, {}]), 1472],
    ['ipip', aTunnel({ mode: 'ipip' }), 1480],
  ])('get the MTU of the underlay less what the tunnel takes: %s', (_what, tunnel, mtuBytes) => {
    expect(presenceOf(tunnel).endpoints?.map((endpoint) => endpoint.mtuBytes)).toEqual([mtuBytes, mtuBytes]);
  });

  it('get the smaller MTU of the two ends', () => {
    expect(presenceOf(aTunnel(), { second: { mtuBytes: 1400 } }).endpoints?.map(({ mtuBytes }) => mtuBytes)).toEqual([1372, 1372]);
  });

  it('get the declared MTU where there is one', () => {
    expect(presenceOf(aTunnel({ mtuBytes: 1300 })).endpoints?.[1].mtuBytes).toBe(1300);
  });

  it('get the MTU of the link they are bound to', () => {
    const first = { links: ['eth0 30.1.1.1/24', 'eth9'], typed: ['link set dev eth9 mtu 1200'] };
    expect(presenceOf(aTunnel({}, [{ dev: 'eth9' }, {}]), { first }).endpoints?.[0].mtuBytes).toBe(1172);
  });
});

describe('an underlay is refused', () => {
  it.each([
    ['where the peer’s address is not known', silent, {}, ['plan.no-peer-address', 'plan.no-peer-address']],
    [
      'where the declared address is not on the host',
      aTunnel({}, [{ local: '30.9.9.9' }, {}]),
      {},
      ['plan.local-not-on-host', 'plan.no-route-to-peer'],
    ],
    [
      'where there is no way to the peer',
      aTunnel({}, [{}, { local: '40.1.1.1' }]),
      { second: { links: ['eth0 40.1.1.1/24'] } },
      ['plan.no-route-to-peer', 'plan.no-route-to-peer'],
    ],
    ['where the link to bind to is not there', aTunnel({}, [{ dev: 'eth7' }, {}]), {}, ['plan.no-such-link']],
  ])('%s', (_why, tunnel, fields, codes) => {
    expect(refusals(tunnel, fields)).toEqual(codes);
  });

  it('where the way to the peer leads into the tunnel itself', () => {
    const typed = [
      'link add name gre1 type gre local 30.1.1.1 remote 50.1.1.1 ikey 1 okey 1',
      'link set dev gre1 alias tunorch:gre1',
      'link set dev gre1 up',
      'route add 50.0.0.0/8 dev gre1',
    ];
    const tunnel = aTunnel({}, [{}, { local: '50.1.1.1' }]);
    expect(refusals(tunnel, { first: { typed }, second: { links: ['eth0 50.1.1.1/24'], routes: ['0.0.0.0/0 via 50.1.1.254 dev eth0'] } })).toEqual([
      'plan.underlay-through-tunnel',
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import type { TunnelEnd } from '../../../src/domain/tunnel.ts';
import { aTunnel } from '../../support/builders.ts';
import { presenceOf } from '../../support/builders-plan.ts';

const GRE1 = 'link add name gre1 mtu 1472 group 205 type gre local 30.1.1.1 remote 30.1.1.2 ikey 1 okey 1 ttl 255 pmtudisc';
const LOOSE = { kind: 'set-sysctl', path: 'net/ipv4/conf/gre1/rp_filter', value: '2' };

/** gre1 with a network behind router-b, which router-a reaches in its own way. */
function routed(own: Partial<Pick<TunnelEnd, 'metric' | 'table'>>, network = '10.2.0.0/16') {
  return aTunnel({}, [own, { networks: [network] }]);
}

/** What is done to reverse path filters of router-a, there and back. */
function filterSteps(tunnel: ReturnType<typeof aTunnel>, sysctls: Readonly<Record<string, string>>, typed: readonly string[] = []) {
  const { steps } = presenceOf(tunnel, { first: { sysctls, typed } });
  return steps.filter(({ host, title }) => host === 'router-a' && title.includes('rp_filter')).map(({ forward, inverse }) => ({ forward, inverse }));
}

const STRICT = { 'net/ipv4/conf/all/rp_filter': '1' };

describe('the reverse path filter', () => {
  it.each<[string, Parameters<typeof routed>[0]]>([
    ['have a metric', { metric: 10 }],
    ['are in a table of their own', { table: 100 }],
  ])('of the tunnel’s device alone is made loose where routes %s', (_what, own) => {
    expect(filterSteps(routed(own), STRICT)).toEqual([{ forward: [LOOSE], inverse: [] }]);
  });

  it('is strict too where new devices get it so', () => {
    expect(filterSteps(routed({ metric: 10 }), { 'net/ipv4/conf/default/rp_filter': '1' })).toEqual([{ forward: [LOOSE], inverse: [] }]);
  });

  it('of a device that is there gets its own value back', () => {
    const typed = [GRE1, 'link set dev gre1 alias tunorch:gre1'];
    expect(filterSteps(routed({ metric: 10 }), STRICT, typed)).toEqual([{ forward: [LOOSE], inverse: [{ ...LOOSE, value: '0' }] }]);
  });

  it.each<[string, Parameters<typeof routed>, Readonly<Record<string, string>>]>([
    ['nothing is strict', [{ metric: 10 }], {}],
    ['it is loose for all', [{ metric: 10 }], { 'net/ipv4/conf/all/rp_filter': '2' }],
    ['new devices get it loose', [{ metric: 10 }], { ...STRICT, 'net/ipv4/conf/default/rp_filter': '2' }],
    ['routes are asked first', [{}], STRICT],
    ['routes are IPv6, which has no such filter', [{ metric: 10 }, 'fd00:2::/64'], STRICT],
  ])('is left alone where %s', (_what, declared, sysctls) => {
    expect(filterSteps(routed(...declared), sysctls)).toEqual([]);
  });
});

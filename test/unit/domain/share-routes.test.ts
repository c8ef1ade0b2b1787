import { describe, expect, it } from 'vitest';
import { shareRoutes } from '../../../src/domain/share-routes.ts';
import type { Tunnel } from '../../../src/domain/tunnel.ts';
import { aTunnel, behind } from '../../support/builders.ts';

/** Which devices share each route of the first host, by tunnel. */
function shares(tunnels: readonly Tunnel[]): readonly string[] {
  return shareRoutes(tunnels).flatMap(({ name, endpoints: [first] }) =>
    (first.shares ?? []).map(
      ({ slot, nexthops }) => `${name}: ${slot.replace(' table 254', '')} by ${nexthops.map((one) => `${one.device} ${one.weight}`).join(', ')}`,
    ),
  );
}

function channel(name: string, first: Parameters<typeof aTunnel>[1], fields: Partial<Tunnel> = {}): Tunnel {
  return aTunnel({ name, ...fields }, first);
}

describe('a route that two tunnels declare alike', () => {
  it('is shared by both, whether it is a network of the peer or a route of the end, whichever end is written first', () => {
    const one = channel('gre1', [{}, behind('10.2.0.0/16')]);
    const other = channel('gre2', [{ routes: [{ to: '10.2.0.0/16', weight: 4 }] }, {}]);
    const swapped = { ...other, endpoints: [other.endpoints[1], other.endpoints[0]] as const };
    const expected = '10.2.0.0/16 metric 0 by gre1 1, gre2 4';
    expect(shares([one, other])).toEqual([`gre1: ${expected}`, `gre2: ${expected}`]);
    expect(shares([one, swapped])).toEqual([`gre1: ${expected}`]);
  });

  it('has the metric of the kernel where none is said', () => {
    const one = channel('gre1', [{}, behind('fd00:2::/64')]);
    const other = channel('gre2', [{ metric: 1024, weight: 2 }, behind('fd00:2::/64')]);
    expect(shares([one, other])[0]).toBe('gre1: fd00:2::/64 metric 1024 by gre1 1, gre2 2');
  });

  it.each([
    ['with another metric', channel('gre2', [{ metric: 20 }, behind('10.2.0.0/16')])],
    ['in another table', channel('gre2', [{ table: 100 }, behind('10.2.0.0/16')])],
    ['to another network', channel('gre2', [{}, behind('10.3.0.0/16')])],
    ['to another host', channel('gre2', [{}, { ...behind('10.2.0.0/16'), host: 'router-c' }])],
    ['of a tunnel that is to be gone', channel('gre2', [{}, behind('10.2.0.0/16')], { state: 'absent' })],
  ])('is nobody’s but its own beside one %s', (_what, other) => {
    expect(shares([channel('gre1', [{}, behind('10.2.0.0/16')]), other])).toEqual([]);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mirror, type Underlay } from '../../../src/domain/endpoint.ts';
import type { Tunnel, TunnelEnd } from '../../../src/domain/tunnel.ts';

const address = fc.ipV4();
const prefix = fc.constantFrom('10.1.1.0/24', '10.2.0.0/16', '0.0.0.0/0', 'fd00:1::/48');
const number = fc.integer({ min: 0, max: 4294967295 });
const optional = { requiredKeys: ['host', 'device', 'addresses', 'networks', 'routes', 'forwarding'] } as const;

const end: fc.Arbitrary<TunnelEnd> = fc.record(
  {
    host: fc.string({ minLength: 1 }),
    device: fc.constantFrom('gre1', 'tun1'),
    public: address,
    dev: fc.constant('eth0'),
    ikey: number,
    addresses: fc.constant([]),
    networks: fc.array(prefix),
    routes: fc.array(fc.record({ to: prefix, metric: number, table: number }, { requiredKeys: ['to'] })),
    metric: number,
    table: number,
    forwarding: fc.boolean(),
  },
  { requiredKeys: [...optional.requiredKeys] },
);

const tunnel: fc.Arbitrary<Tunnel> = fc.tuple(end, end).map((endpoints) => ({
  name: 'gre1',
  mode: 'gre',
  ttl: 64,
  state: 'present',
  tags: [],
  verify: { count: 3, intervalSeconds: 0.2, maxLossPercent: 0 },
  endpoints,
}));

const underlay: fc.Arbitrary<Underlay> = fc.record({ locals: fc.tuple(address, address), mtuBytes: fc.integer({ min: 68, max: 65535 }) });

describe('mirror', () => {
  it('gives the same ends whichever is written first', () => {
    fc.assert(
      fc.property(tunnel, underlay, (declared, path) => {
        const [first, second] = mirror(declared, path);
        const swapped = mirror(swap(declared), { ...path, locals: [path.locals[1], path.locals[0]] });
        expect(swapped).toEqual([second, first]);
      }),
    );
  });

  it("makes each end's keys the other's, crossed over", () => {
    fc.assert(
      fc.property(tunnel, underlay, (declared, path) => {
        const [first, second] = mirror(declared, path);
        expect([first.ikey, first.okey]).toEqual([second.okey, second.ikey]);
      }),
    );
  });

  it("sends to the peer's public address where it has one, else to its local one", () => {
    fc.assert(
      fc.property(tunnel, underlay, (declared, path) => {
        const [first, second] = mirror(declared, path);
        expect(first.remote).toBe(declared.endpoints[1].public ?? second.local);
      }),
    );
  });
});

function swap(declared: Tunnel): Tunnel {
  const [first, second] = declared.endpoints;
  return { ...declared, endpoints: [second, first] };
}

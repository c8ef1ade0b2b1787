import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aheadOf, clockDifference } from '../../../src/capture/clocks.ts';
import { type Crossing, crossingsOf } from '../../../src/capture/crossing.ts';
import type { Sighting } from '../../../src/capture/sighting.ts';
import { inOrder } from '../../../src/capture/told-packet.ts';
import type { IpLayer } from '../../../src/decode/layer.ts';

const HOSTS = ['a', 'b'] as const;

/** A packet of GRE, told by its number. */
function sighting(direction: 'out' | 'in', seq: number, atMicros = seq, outer: Partial<IpLayer> = {}): Sighting {
  const ip: IpLayer = { layer: 'ipv4', from: '30.1.1.1', to: '30.1.1.2', ttl: 255, tos: 0, lengthBytes: 90, protocol: 47, id: seq, ...outer };
  return { atMicros, direction, layers: [ip, { layer: 'gre', version: 0, protocol: 0x0800, seq }] };
}

function join(atA: readonly Sighting[], atB: readonly Sighting[]): readonly Crossing[] {
  return crossingsOf([
    { host: 'a', sightings: atA },
    { host: 'b', sightings: atB },
  ]);
}

describe('what both ends saw', () => {
  it('is joined whatever routers and NAT did to the outer header', () => {
    const [crossing, ...others] = join([sighting('out', 1)], [sighting('in', 1, 9, { ttl: 250, from: '203.0.113.1', id: 3 })]);
    expect(crossing).toMatchObject({ from: 'a', to: 'b', sent: { atMicros: 1 }, arrived: { atMicros: 9 } });
    expect(others).toEqual([]);
  });

  it('is not joined where it only looks alike from outside', () => {
    expect(join([sighting('out', 1)], [sighting('in', 2)])).toMatchObject([{ sent: {} }, { arrived: {} }]);
  });

  it('is joined in its order where packets are the same to the last field', () => {
    const crossings = join([sighting('out', 1, 10), sighting('out', 1, 20), sighting('out', 1, 30)], [sighting('in', 1, 11), sighting('in', 1, 21)]);
    expect(crossings.map(({ sent, arrived }) => [sent?.atMicros, arrived?.atMicros])).toEqual([
      [10, 11],
      [20, 21],
      [30, undefined],
    ]);
  });

  it('is each packet once, none lost and none made up', () => {
    const side = fc.array(fc.record({ direction: fc.constantFrom('out', 'in'), seq: fc.nat(5), at: fc.nat(1000) }), { maxLength: 30 });
    fc.assert(
      fc.property(side, side, (a, b) => {
        const [atA, atB] = [a, b].map((side) => side.map(({ direction, seq, at }) => sighting(direction as 'out' | 'in', seq, at)));
        const seen = join(atA ?? [], atB ?? []).flatMap(({ sent, arrived }) => [sent, arrived].filter((one) => one !== undefined));
        expect(new Set(seen)).toEqual(new Set([...(atA ?? []), ...(atB ?? [])]));
        expect(seen.length).toBe(a.length + b.length);
      }),
    );
  });
});

describe('two clocks', () => {
  const asked = { askedAt: 1000, answeredAt: 1100 };

  it('are told apart as exactly as the question took', () => {
    expect(aheadOf('5.500000000\n', asked)).toEqual({ leastMs: 4400, mostMs: 4500 });
    expect(aheadOf('5.N\n', asked)).toEqual({ leastMs: 3900, mostMs: 5000 });
    expect(aheadOf('date: invalid\n', asked)).toBeUndefined();
  });

  it('are told apart better by packets, none of which arrives before it was sent', () => {
    const crossings = join([sighting('out', 1, 1000), sighting('in', 2, 9000)], [sighting('in', 1, 5600), sighting('out', 2, 12_600)]);
    const clocks = clockDifference(HOSTS, [undefined, undefined], crossings);
    expect(clocks?.differenceMs).toBeCloseTo(4.1, 6);
    expect(clocks?.uncertaintyMs).toBeCloseTo(0.5, 6);
  });

  it('are told apart by the question where packets went one way only, and not at all without either', () => {
    const ahead = [
      { leastMs: 0, mostMs: 10 },
      { leastMs: 100, mostMs: 110 },
    ] as const;
    expect(clockDifference(HOSTS, ahead, [])).toEqual({ differenceMs: 100, uncertaintyMs: 10 });
    expect(clockDifference(HOSTS, [ahead[0], undefined], [])).toBeUndefined();
  });

  it('never let a packet arrive before it was sent', () => {
    const way = fc.record({ isGoing: fc.boolean(), at: fc.nat(100_000), tookMicros: fc.integer({ min: 1, max: 5000 }) });
    fc.assert(
      fc.property(fc.array(way, { minLength: 1, maxLength: 20 }), fc.integer({ min: -1e9, max: 1e9 }), (ways, aheadMicros) => {
        const crossings = ways.map(({ isGoing, at, tookMicros }, seq): Crossing => {
          const [sentAt, arrivedAt] = isGoing ? [at, at + tookMicros + aheadMicros] : [at + aheadMicros, at + tookMicros];
          return { from: isGoing ? 'a' : 'b', to: isGoing ? 'b' : 'a', sent: sighting('out', seq, sentAt), arrived: sighting('in', seq, arrivedAt) };
        });
        const exact = aheadMicros / 1000;
        const clocks = clockDifference(
          HOSTS,
          [
            { leastMs: -9, mostMs: 9 },
            { leastMs: exact - 9, mostMs: exact + 9 },
          ],
          crossings,
        );
        expect(Math.abs((clocks?.differenceMs ?? Number.NaN) - exact)).toBeLessThanOrEqual((clocks?.uncertaintyMs ?? 0) + 1e-6);
        for (const { sent, arrived } of inOrder(crossings, { first: 'a', aheadMs: clocks?.differenceMs ?? 0 }))
          expect((arrived?.sinceMs ?? 0) - (sent?.sinceMs ?? 0)).toBeGreaterThan(-1e-6);
      }),
    );
  });
});

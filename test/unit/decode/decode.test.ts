import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeFrame } from '../../../src/decode/decode.ts';
import type { PortContent } from '../../../src/decode/encapsulations.ts';
import type { Layer } from '../../../src/decode/layer.ts';
import { type Bytes, echo, esp, ethernet, gre, gue, ipv4, ipv6, udp, vxlan } from '../../support/builders-packets.ts';

const RAW = 101;
const ETHERNET = 1;
const OUTER = { from: '30.1.1.1', to: '30.1.1.2' };
const INNER = { from: '10.10.10.1', to: '10.10.10.2' };
const OUTER6 = { from: 'fd00::1', to: 'fd00::2' };
const PING = ipv4({ ...INNER, protocol: 1, ttl: 64 }, echo('request', 3));

function decode(bytes: Bytes, { linkType = RAW, ports = [], sentBytes = bytes.length }: Options = {}): readonly Layer[] {
  return decodeFrame({ bytes, sentBytes }, { linkType, ports: new Map(ports) });
}

interface Options {
  readonly linkType?: number;
  readonly ports?: readonly (readonly [number, PortContent])[];
  readonly sentBytes?: number;
}

function names(layers: readonly Layer[]): readonly string[] {
  return layers.map(({ layer }) => layer);
}

const PING_LAYERS = [
  { layer: 'ipv4', ...INNER, ttl: 64, lengthBytes: 102, protocol: 1, checksum: 'right' },
  { layer: 'icmp', kind: 'echo-request', type: 8, code: 0, lengthBytes: 82, id: 77, seq: 3 },
];

describe('a packet', () => {
  it('of GRE is told with key, checksum and sequence number', () => {
    const packet = ipv4({ ...OUTER, protocol: 47, id: 4660 }, gre({ key: 1, csum: true, seq: 5 }, PING));
    expect(decode(packet)).toMatchObject([
      { layer: 'ipv4', ...OUTER, ttl: 255, tos: 0, id: 4660, isDf: true, protocol: 47, checksum: 'right' },
      { layer: 'gre', version: 0, protocol: 0x0800, key: 1, checksum: 'right', seq: 5 },
      ...PING_LAYERS,
    ]);
  });

  it.each([
    [{}, {}],
    [{ key: 0 }, { key: 0 }],
    [{ key: 0xffffffff }, { key: 0xffffffff }],
    [{ seq: 9 }, { seq: 9 }],
    [{ csum: true }, { checksum: 'right' }],
    [
      { key: 7, seq: 9 },
      { key: 7, seq: 9 },
    ],
  ])('of GRE has those of %j that it has, and no others', (fields, told) => {
    const [, layer] = decode(ipv4({ ...OUTER, protocol: 47 }, gre(fields, PING)));
    expect(layer).toEqual({ layer: 'gre', version: 0, protocol: 0x0800, ...told });
  });

  it('that was altered on its way has a wrong checksum', () => {
    const packet = ipv4({ ...OUTER, protocol: 47 }, gre({ csum: true }, PING));
    packet[60] = (packet[60] ?? 0) ^ 1;
    packet[8] = 9;
    expect(decode(packet)).toMatchObject([{ checksum: 'wrong' }, { checksum: 'wrong' }, {}, {}]);
  });

  it('that was not captured whole has a checksum nobody can verify', () => {
    const packet = ipv4({ ...OUTER, protocol: 47 }, gre({ csum: true }, PING));
    expect(decode(packet.subarray(0, 80), { sentBytes: packet.length })[1]).toMatchObject({ layer: 'gre', checksum: 'unverified' });
  });

  it('of PPTP’s GRE is not mistaken for RFC 2890’s', () => {
    const packet = ipv4({ ...OUTER, protocol: 47 }, Uint8Array.from([0x20, 1, 0x88, 0x0b, 0, 0, 0, 0]));
    expect(decode(packet).slice(1)).toEqual([{ layer: 'gre', version: 1, protocol: 0x880b }]);
  });

  it.each([
    ['ipip', ipv4({ ...OUTER, protocol: 4 }, PING), ['ipv4', 'ipv4', 'icmp']],
    [
      'sit',
      ipv4({ ...OUTER, protocol: 41 }, ipv6({ from: 'fd01::1', to: 'fd01::2', protocol: 58 }, echo('reply', 1, { family: 6 }))),
      ['ipv4', 'ipv6', 'icmpv6'],
    ],
    ['gretap', ipv4({ ...OUTER, protocol: 47 }, gre({ protocol: 0x6558 }, ethernet(0x0800, PING))), ['ipv4', 'gre', 'ethernet', 'ipv4', 'icmp']],
    ['ip6gre', ipv6({ ...OUTER6, protocol: 47 }, gre({ key: 2 }, PING), 4), ['ipv6', 'gre', 'ipv4', 'icmp']],
  ])('of %s is read from the outside in', (_, packet, layers) => {
    expect(names(decode(packet))).toEqual(layers);
  });

  it('of ip6tnl tells the encapsulation limit, whether it has one or not', () => {
    const packet = (encaplimit?: number) => ipv6({ ...OUTER6, protocol: 4, ttl: 63 }, PING, encaplimit);
    expect(decode(packet(4))).toMatchObject([{ layer: 'ipv6', ...OUTER6, ttl: 63, protocol: 4, lengthBytes: 150, encaplimit: 4 }, ...PING_LAYERS]);
    expect(decode(packet())[0]).not.toHaveProperty('encaplimit');
  });

  it('in UDP is read as what the tunnel has on that port', () => {
    const carried = (payload: Bytes, content: PortContent) =>
      decode(ipv4({ ...OUTER, protocol: 17 }, udp(40000, 5555, payload)), { ports: [[5555, content]] });
    expect(carried(vxlan(7, ethernet(0x0800, PING)), 'vxlan')).toMatchObject([
      {},
      { layer: 'udp', toPort: 5555 },
      { layer: 'vxlan', vni: 7 },
      {},
      {},
      {},
    ]);
    expect(names(carried(gre({ key: 1 }, PING), 47))).toEqual(['ipv4', 'udp', 'gre', 'ipv4', 'icmp']);
    expect(names(carried(gue(4, PING), 'gue'))).toEqual(['ipv4', 'udp', 'gue', 'ipv4', 'icmp']);
  });

  it('inside the tunnel that has the tunnel’s own port by chance is left as it is', () => {
    const inner = ipv4({ ...INNER, protocol: 17 }, udp(5555, 5555, PING));
    expect(names(decode(ipv4({ ...OUTER, protocol: 4 }, inner), { ports: [[5555, 'vxlan']] }))).toEqual(['ipv4', 'ipv4', 'udp', 'other']);
  });

  it('of ESP tells its association and number, and nothing of what it hides', () => {
    const packet = ipv4({ ...OUTER, protocol: 50 }, esp(0xdeadbeef, 12, PING));
    expect(decode(packet).slice(1)).toEqual([{ layer: 'esp', spi: 0xdeadbeef, seq: 12, lengthBytes: 110 }]);
  });

  it('in fragments is read only where it begins', () => {
    const gre1 = gre({ key: 1, csum: true }, PING);
    const first = decode(ipv4({ ...OUTER, protocol: 47, fragment: 0x2000 }, gre1));
    expect(first.slice(0, 2)).toMatchObject([{ fragment: { offsetBytes: 0, isLast: false } }, { layer: 'gre', key: 1, checksum: 'unverified' }]);
    const later = decode(ipv4({ ...OUTER, protocol: 47, fragment: 185 }, gre1));
    expect(later).toMatchObject([{ fragment: { offsetBytes: 1480, isLast: true } }, { layer: 'other', of: 'a later fragment' }]);
  });

  it('is found behind the header of every link, and without what Ethernet pads it with', () => {
    const packet = ipv4({ ...OUTER, protocol: 47 }, gre({ csum: true }, Uint8Array.of(1)));
    const padded = ethernet(0x0800, Uint8Array.from([...packet, ...Array.from({ length: 20 }, () => 0xee)]));
    const tagged = ethernet(0x8100, Uint8Array.from([0, 9, 8, 0, ...packet]));
    const cooked = Uint8Array.from([...Array.from({ length: 14 }, () => 0), 8, 0, ...packet]);
    const cooked2 = Uint8Array.from([8, 0, ...Array.from({ length: 18 }, () => 0), ...packet]);
    for (const [linkType, frame] of [
      [ETHERNET, padded],
      [ETHERNET, tagged],
      [113, cooked],
      [276, cooked2],
      [RAW, packet],
    ] as const)
      expect(decode(frame, { linkType }).slice(0, 2)).toMatchObject([OUTER, { layer: 'gre', checksum: 'right' }]);
    expect(decode(packet, { linkType: 147 })).toEqual([{ layer: 'other', of: 'link type 147', lengthBytes: packet.length }]);
  });

  it('that is cut tells as far as it goes, at every byte', () => {
    const packet = ethernet(0x0800, ipv4({ ...OUTER, protocol: 47 }, gre({ key: 1, seq: 2 }, PING)));
    const whole = decode(packet, { linkType: ETHERNET });
    for (let kept = 0; kept < packet.length; kept += 1) {
      const layers = decode(packet.subarray(0, kept), { linkType: ETHERNET, sentBytes: packet.length });
      const last = layers.at(-1);
      const read = last?.layer === 'cut-off' ? layers.slice(0, -1) : layers;
      expect(read).toEqual(whole.slice(0, read.length));
    }
  });
});

describe('hostile bytes', () => {
  const PORTS = new Map<number, PortContent>(
    Array.from({ length: 8 }, (_, port) => [port, (['vxlan', 'gue', 47, 4, 41, 50, 17, 58] as const)[port] ?? 47]),
  );
  const LINK_TYPES = fc.constantFrom(1, 12, 101, 113, 228, 276, 9999);

  it('are read without an error, in few layers, whatever they are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), LINK_TYPES, fc.nat(70_000), (bytes, linkType, more) => {
        const layers = decodeFrame({ bytes, sentBytes: bytes.length + more }, { linkType, ports: PORTS });
        expect(layers.length).toBeLessThanOrEqual(17);
        expect(() => JSON.stringify(layers)).not.toThrow();
      }),
      { numRuns: 2000 },
    );
  });

  it('behind headers that are right are read without an error too', () => {
    const protocols = fc.constantFrom(1, 4, 6, 17, 41, 47, 50, 58, 0, 43, 44, 60, 89);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), protocols, fc.boolean(), (payload, protocol, isIpv6) => {
        const packet = isIpv6 ? ipv6({ ...OUTER6, protocol }, payload) : ipv4({ ...OUTER, protocol }, payload);
        expect(decodeFrame({ bytes: packet, sentBytes: packet.length }, { linkType: RAW, ports: PORTS })[0]).toMatchObject(isIpv6 ? OUTER6 : OUTER);
      }),
      { numRuns: 2000 },
    );
  });

  it('nest no deeper than a tunnel can', () => {
    let packet = PING;
    for (let depth = 0; depth < 100; depth += 1) packet = ipv4({ ...OUTER, protocol: 4 }, packet);
    expect(decode(packet).length).toBe(16);
  });
});

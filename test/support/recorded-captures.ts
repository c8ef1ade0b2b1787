import type { Layer } from '../../src/decode/layer.ts';
import type { ToldSighting } from '../../src/run/events.ts';
import { finished, inTunnel, NO_COUNTS, onHosts, PAIR, type RecordedRun, started, timed } from './record.ts';

const OUTER: Layer = {
  layer: 'ipv4',
  from: '30.1.1.1',
  to: '30.1.1.2',
  ttl: 255,
  tos: 0,
  lengthBytes: 138,
  protocol: 47,
  id: 4660,
  isDf: true,
  checksum: 'right',
};
const PING: readonly Layer[] = [
  { ...OUTER, from: '10.10.10.1', to: '10.10.10.2', ttl: 64, lengthBytes: 102, protocol: 1, id: 77 },
  { layer: 'icmp', kind: 'echo-request', type: 8, code: 0, lengthBytes: 82, id: 77, seq: 1 },
];
const OUTER6: Layer = { layer: 'ipv6', from: 'fd00::1', to: 'fd00::2', ttl: 63, tos: 16, lengthBytes: 150, protocol: 4, flowlabel: 5, encaplimit: 4 };

function at(sinceMs: number, ...layers: readonly Layer[]): ToldSighting {
  return { sinceMs, hostSeconds: 1_700_000_000 + sinceMs / 1000, layers };
}

/** What else may come by: each layer that is not in a ping through GRE. */
const ODDITIES: readonly (readonly Layer[])[] = [
  [OUTER6, { layer: 'icmpv6', kind: 'other', type: 135, code: 0, lengthBytes: 32 }],
  [
    OUTER,
    { layer: 'udp', fromPort: 40000, toPort: 4789, lengthBytes: 58 },
    { layer: 'vxlan', vni: 7 },
    { layer: 'ethernet', from: '02:00:00:00:00:01', to: 'ff:ff:ff:ff:ff:ff', vlan: 9 },
    { layer: 'arp', kind: 'request', from: '10.10.10.1', to: '10.10.10.2' },
  ],
  [
    OUTER,
    { layer: 'udp', fromPort: 5555, toPort: 5555, lengthBytes: 58 },
    { layer: 'gue', version: 0, isControl: false },
    { layer: 'tcp', fromPort: 22, toPort: 50000, flags: 'SYN ACK', seq: 9 },
  ],
  [OUTER, { layer: 'esp', spi: 0xbeef, seq: 12, lengthBytes: 118 }],
  [
    { ...OUTER, checksum: 'wrong', fragment: { offsetBytes: 1480, isLast: true } },
    { layer: 'other', of: 'a later fragment', lengthBytes: 118 },
  ],
  [OUTER, { layer: 'gre', version: 1, protocol: 0x880b }],
  [OUTER, { layer: 'gre', version: 0, protocol: 0x0800 }, { layer: 'cut-off', of: 'ipv4' }],
];

/** A capture where a reply was lost, one end is full, and much else came by. */
export const CAPTURED_RUN: RecordedRun = {
  name: 'captured',
  events: timed([
    started('capture', [PAIR]),
    ...onHosts(PAIR.hosts, 'gather'),
    inTunnel('gre1', 'capture', 'started'),
    ...PAIR.hosts.map(
      (host) => ({ type: 'listening', tunnel: 'gre1', host, program: 'tcpdump 4.99.3', device: 'eth1', filter: 'ip proto 47' }) as const,
    ),
    {
      type: 'captured',
      tunnel: 'gre1',
      ends: [
        { host: 'router-a', packets: 9, isFull: false, dropped: 0 },
        { host: 'router-b', packets: 1, isFull: true, dropped: 2 },
      ],
      clocks: { differenceMs: -306.4, uncertaintyMs: 0.47 },
    },
    {
      type: 'packet',
      tunnel: 'gre1',
      packet: {
        number: 1,
        from: 'router-a',
        to: 'router-b',
        sent: at(0, OUTER, { layer: 'gre', version: 0, protocol: 0x0800, key: 1, checksum: 'right', seq: 15 }, ...PING),
        arrived: at(2.397, { ...OUTER, ttl: 254 }, { layer: 'gre', version: 0, protocol: 0x0800, key: 1, checksum: 'wrong', seq: 15 }, ...PING),
      },
    },
    ...ODDITIES.map(
      (layers, index) =>
        ({
          type: 'packet',
          tunnel: 'gre1',
          packet: { number: index + 2, from: 'router-b', to: 'router-a', arrived: at(3 + index, ...layers) },
        }) as const,
    ),
    {
      type: 'traffic',
      tunnel: 'gre1',
      traffic: { from: 'router-a', to: 'router-b', of: 'echo-requests', sent: 1, echoes: { sent: 1, received: 0 } },
    },
    {
      type: 'traffic',
      tunnel: 'gre1',
      traffic: { from: 'router-b', to: 'router-a', of: 'packets', sent: 8, arrived: 8, echoes: { sent: 2, received: 2 } },
    },
    ...finished({
      exitCode: 1,
      hosts: PAIR.hosts.map((host) => ({ ...NO_COUNTS, host, failed: 1 })),
      tunnels: [
        {
          tunnel: 'gre1',
          outcome: 'failed',
          changes: 0,
          problems: [
            { code: 'capture.not-answered', host: 'router-b', message: '1 echo request came to it, and none was answered', hint: 'Ask doctor.' },
          ],
        },
      ],
    }),
  ]),
};

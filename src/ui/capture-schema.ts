import type { Layer } from '../decode/layer.ts';
import type { CaptureEvent } from '../run/events.ts';
import { arrayOf, COUNT, type Fields, MILLISECONDS, NAME, NUMBER, object, oneOf, TEXT, YES_OR_NO } from './schema-words.ts';

const LAYERS = oneOf({
  ethernet: 0,
  arp: 0,
  ipv4: 0,
  ipv6: 0,
  gre: 0,
  udp: 0,
  tcp: 0,
  vxlan: 0,
  gue: 0,
  esp: 0,
  icmp: 0,
  icmpv6: 0,
  other: 0,
  'cut-off': 0,
} satisfies Record<Layer['layer'], 0>);

/** Every field that one of the layers may have. */
const LAYER_FIELDS = {
  from: TEXT,
  to: TEXT,
  of: TEXT,
  kind: TEXT,
  checksum: oneOf({ right: 0, wrong: 0, unverified: 0 }),
  fragment: object({ offsetBytes: COUNT, isLast: YES_OR_NO }),
  flags: TEXT,
  isDf: YES_OR_NO,
  isControl: YES_OR_NO,
  ...countsOf('vlan', 'ttl', 'tos', 'lengthBytes', 'protocol', 'id', 'flowlabel', 'encaplimit', 'version', 'key', 'seq'),
  ...countsOf('fromPort', 'toPort', 'vni', 'spi', 'type', 'code'),
} satisfies Record<FieldsOf<Layer>, unknown>;

type FieldsOf<One> = One extends { readonly layer: string } ? Exclude<keyof One, 'layer'> : never;

function countsOf<Name extends string>(...names: readonly Name[]): Readonly<Record<Name, typeof COUNT>> {
  return Object.fromEntries(names.map((name) => [name, COUNT])) as Record<Name, typeof COUNT>;
}

const SIGHTING = object({
  sinceMs: { type: 'number', description: 'Milliseconds since the first packet, by one clock for both hosts.' },
  hostSeconds: { type: 'number', description: 'Seconds since the epoch, to the microsecond, by the host’s own clock.' },
  layers: arrayOf(object({ layer: LAYERS }, LAYER_FIELDS)),
});
const PACKET = object({ number: COUNT, from: NAME, to: NAME }, { sent: SIGHTING, arrived: SIGHTING });
const TRAFFIC = object(
  { from: NAME, to: NAME, of: oneOf({ 'echo-requests': 0, packets: 0 }) },
  { sent: COUNT, arrived: COUNT, echoes: object({ sent: COUNT, received: COUNT }) },
);

/** What each event of a capture says. */
export const CAPTURE_EVENTS: Readonly<
  Record<CaptureEvent['type'], { readonly required: Fields; readonly optional?: Fields; readonly description: string }>
> = {
  listening: {
    description: 'A host listens to a tunnel’s outer packets.',
    required: { tunnel: NAME, host: NAME, program: NAME, device: NAME, filter: TEXT },
  },
  captured: {
    description: 'What each host that listened has, and how far the second host’s clock is ahead of the first one’s.',
    required: { tunnel: NAME, ends: arrayOf(object({ host: NAME, packets: COUNT, isFull: YES_OR_NO, dropped: COUNT })) },
    optional: { clocks: object({ differenceMs: NUMBER, uncertaintyMs: MILLISECONDS }) },
  },
  packet: {
    description: 'One outer packet at the end it left and at the end it came to; a sighting is absent where it was not seen.',
    required: { tunnel: NAME, packet: PACKET },
  },
  traffic: { description: 'What became of the packets of one way.', required: { tunnel: NAME, traffic: TRAFFIC } },
};

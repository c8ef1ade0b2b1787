import { decodeEsp, decodeGre, decodeGue, decodeUdp, decodeVxlan, type Ports } from './encapsulations.ts';
import { decodeArp, decodeIpv4, decodeIpv6 } from './ip.ts';
import type { Layer } from './layer.ts';
import { decodeEthernet, linkPayload } from './link-layer.ts';
import { type Slice, sliceOf } from './slice.ts';
import type { Form, Next, Step } from './step.ts';
import { decodeIcmp, decodeTcp } from './transport-layer.ts';

/** A frame as a capture has it. */
export interface Frame {
  /** What was kept of it. */
  readonly bytes: Uint8Array;
  readonly sentBytes: number;
}

export interface Circumstances {
  /** pcap-linktype(7) */
  readonly linkType: number;
  /** What the UDP ports of the tunnel carry; those of packets inside it carry nothing that is read. */
  readonly ports: Ports;
}

/** A packet that is nested deeper is an attack, or a loop. */
const MOST_LAYERS = 16;

const NO_PORTS: Ports = new Map();

const DECODERS: Readonly<Record<Form, (packet: Slice, ports: Ports) => Step>> = {
  ethernet: decodeEthernet,
  arp: decodeArp,
  ipv4: decodeIpv4,
  ipv6: decodeIpv6,
  gre: decodeGre,
  udp: decodeUdp,
  tcp: decodeTcp,
  vxlan: decodeVxlan,
  gue: decodeGue,
  esp: decodeEsp,
  icmp: (packet) => decodeIcmp('icmp', packet),
  icmpv6: (packet) => decodeIcmp('icmpv6', packet),
};

/** The headers of a frame from the outer IP packet inwards, whatever its bytes are: what cannot be read is told as a last layer. */
export function decodeFrame({ bytes, sentBytes }: Frame, { linkType, ports }: Circumstances): readonly Layer[] {
  const layers: Layer[] = [];
  let next = orCutOff(
    'frame',
    () => ({ next: linkPayload(linkType, sliceOf(bytes, sentBytes)) ?? unknownLink(linkType, sliceOf(bytes, sentBytes)) }),
    layers,
  );
  while (next !== undefined && layers.length < MOST_LAYERS) {
    const { as, slice } = next;
    if (typeof as !== 'string') return [...layers, { layer: 'other', of: as.unknown, lengthBytes: slice.sentBytes }];
    next = orCutOff(as, () => DECODERS[as](slice, layers.length === 1 ? ports : NO_PORTS), layers);
  }
  return layers;
}

function unknownLink(linkType: number, slice: Slice): Next {
  return { as: { unknown: `link type ${linkType}` }, slice };
}

/** Adds the layer that is read; views throw a RangeError where bytes are missing. */
function orCutOff(of: string, read: () => { readonly layer?: Layer; readonly next?: Next | undefined }, layers: Layer[]): Next | undefined {
  try {
    const { layer, next } = read();
    if (layer !== undefined) layers.push(layer);
    return next;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    layers.push({ layer: 'cut-off', of });
    return undefined;
  }
}

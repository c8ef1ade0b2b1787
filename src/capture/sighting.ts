import { decodeFrame } from '../decode/decode.ts';
import type { GreLayer, Layer } from '../decode/layer.ts';
import { readCapture } from '../decode/pcap.ts';
import { type End, keysOf, portsOf } from './outer.ts';

/** One outer packet of the tunnel as one host saw it. */
export interface Sighting {
  /** Microseconds since the epoch by that host's clock. */
  readonly atMicros: number;
  readonly direction: 'out' | 'in';
  /** From the outer IP header inwards. */
  readonly layers: readonly Layer[];
}

/**
 * The tunnel's packets among those of a capture file.
 *
 * Those of another tunnel between the same hosts, which its key or identifier tells, are left out.
 *
 * @throws Error - it is no capture file
 */
export function sightingsIn(file: Uint8Array, end: End, ends: readonly End[]): readonly Sighting[] {
  const { linkType, frames } = readCapture(file);
  const ports = portsOf(end);
  const keys = keysOf(ends);
  return frames.flatMap(({ atMicros, ...frame }) => {
    const layers = decodeFrame(frame, { linkType, ports });
    const direction = directionOf(layers, end);
    return direction === undefined || !isOwn(layers, { keys, vni: end.wanted.vni }) ? [] : [{ atMicros, direction, layers }];
  });
}

/** Undefined where it is not between the two ends. */
function directionOf([outer]: readonly Layer[], { wanted: { local, remote } }: End): Sighting['direction'] | undefined {
  if (outer?.layer !== 'ipv4' && outer?.layer !== 'ipv6') return undefined;
  if (outer.from === local && outer.to === remote) return 'out';
  return outer.from === remote && outer.to === local ? 'in' : undefined;
}

/** Only the outer packet's own encapsulation counts: a packet inside may be GRE again. */
function isOwn(
  [, ...inner]: readonly Layer[],
  { keys, vni }: { readonly keys: ReadonlySet<number | undefined>; readonly vni: number | undefined },
): boolean {
  const own = inner.find(({ layer }) => layer !== 'udp' && layer !== 'gue');
  if (own?.layer === 'gre') return keys.has(own.key);
  return own?.layer !== 'vxlan' || own.vni === vni;
}

/**
 * What is the same of a packet at both ends, whatever routers and NAT did to its outer headers, and told apart from others of
 * the tunnel: sequence numbers, identifications and what they carry.
 */
export function printOf({ layers: [, ...inner] }: Sighting): string {
  return JSON.stringify(inner.filter(({ layer }) => layer !== 'udp').map((layer) => (layer.layer === 'gre' ? withoutChecksum(layer) : layer)));
}

/** A device may compute it after the sender's capture, or a capture be too short to verify it. */
function withoutChecksum({ checksum: _, ...gre }: GreLayer): Omit<GreLayer, 'checksum'> {
  return gre;
}

import { encapsulationBytes } from './encapsulation.ts';
import type { Mode, Weighed } from './mode.ts';

/**
 * Bytes of the largest inner packet whose outer one fills `roomBytes`.
 *
 * Layers from the outside in, each taking from what the one before it left: UDP (fou, gue), then the mode's own headers, with ESP
 * where it wraps them (esp.ts).
 */
export function bytesInside(mode: Mode, endpoint: Weighed, roomBytes: number): number {
  const encapsulated = roomBytes - encapsulationBytes(endpoint);
  return encapsulated - mode.overheadBytes(endpoint, encapsulated);
}

/** The largest MTU whose packets fit into an outer one, or that the kernel lets such a device have. */
export function mostMtuOf(mode: Mode, endpoint: Weighed): number {
  return mode.mostMtu(endpoint) - encapsulationBytes(endpoint);
}

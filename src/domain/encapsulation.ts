import type { Family } from './address.ts';

/** How outer packets are put into UDP, so that NAT which translates ports passes them: bare (fou), or with a header that says what follows (gue). */
export interface Encapsulation {
  readonly type: 'fou' | 'gue';
  /** UDP port both ends receive on, and send from. */
  readonly port: number;
}

/** One end's view of it. The source port is never left to chance: NAT takes in only what answers to where packets came from. */
export interface EncapsulationPorts {
  readonly type: Encapsulation['type'];
  readonly sourcePort: number;
  readonly destinationPort: number;
}

/** A port on which the kernel takes packets out of UDP again (ip-fou(8)). A host has one of a number and family, for all its tunnels. */
export interface FouPort {
  readonly port: number;
  readonly family: Family;
  /** IP protocol of what fou carries. */
  readonly protocol: number | 'gue';
}

export function isSamePort(one: FouPort, other: FouPort): boolean {
  return one.port === other.port && one.family === other.family && one.protocol === other.protocol;
}

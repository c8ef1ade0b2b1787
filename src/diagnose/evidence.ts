import type { Endpoint } from '../domain/endpoint.ts';
import type { ObservedHost, ObservedLink } from '../domain/observed.ts';
import type { Problem } from '../domain/problem.ts';
import type { Tunnel } from '../domain/tunnel.ts';
import type { Echo } from '../verify/probe.ts';
import type { CapturedPacket } from './capture.ts';
import type { DeviceCounters, Look } from './look.ts';
import type { Survey } from './survey.ts';

/** All that is known of one tunnel, from both its ends: what was declared, what the kernels have, and what became of probes each way. */
export interface TunnelEvidence {
  readonly tunnel: Tunnel;
  readonly ends: readonly [EndEvidence, EndEvidence];
  /** In the order they were sent: what the first opens in a stateful firewall, the second finds open. */
  readonly ways: readonly [Way, Way];
  /** What a plan found against this tunnel; it changes nothing and so tells why it could not be made. */
  readonly refusals: readonly Problem[];
  /** By host, what would bring it to what is declared, as a person would type it; empty where nothing differs or nothing can be done. */
  readonly repairs: ReadonlyMap<string, readonly string[]>;
  /** The inventory as it was named on the command line. */
  readonly inventories: readonly string[];
}

export interface EndEvidence {
  readonly wanted: Endpoint;
  readonly observed: ObservedHost;
  /** Absent where there is no device of that name. */
  readonly link?: ObservedLink;
  readonly survey: Survey;
  /** The last one taken. */
  readonly look: Look;
}

/** Probes sent one way through the tunnel, and what moved meanwhile at both ends. */
export interface Way {
  readonly from: EndEvidence;
  readonly to: EndEvidence;
  readonly echoes: readonly Echo[];
  readonly atSender: Meanwhile;
  readonly atReceiver: Meanwhile;
  /** The largest packet that crosses unfragmented, bytes; known where small ones cross and full-size ones do not. */
  readonly passingBytes?: number;
}

/** Two looks at one host, and what its capture saw between them. */
export interface Meanwhile {
  readonly before: Look;
  readonly after: Look;
  /** Outer packets, as they are before the firewall on the way in and after it on the way out; absent where nothing could be captured. */
  readonly packets?: readonly CapturedPacket[];
}

/** How far a kernel counter rose; 0 where the kernel has none of that name. */
export function risen({ before, after }: Meanwhile, counter: string): number {
  return (after.counters.get(counter) ?? 0) - (before.counters.get(counter) ?? 0);
}

/** How far a device's counter rose; 0 where there is no such device. */
export function deviceRise({ before, after }: Meanwhile, device: string, counter: keyof DeviceCounters): number {
  return (after.devices.get(device)?.[counter] ?? 0) - (before.devices.get(device)?.[counter] ?? 0);
}

/** Some address of the peer gave no answer at all. */
export function isSilent({ echoes }: Way): boolean {
  const small = echoes.filter(({ sort }) => sort === 'echo');
  return small.length === 0 || small.some(({ received }) => received === 0);
}

/** Small packets cross, and none of the full size does. */
export function losesFullSize(way: Way): boolean {
  return !isSilent(way) && way.echoes.some(({ sort, received }) => sort === 'full-size' && received === 0);
}

/** Echo requests the tunnel's device took this way; replies to the other way's are not among them. */
export function sentCount({ echoes }: Way): number {
  return echoes.reduce((sum, { sent }) => sum + sent, 0);
}

/** Packets that came out of the tunnel at the receiver. */
export function arrivedInside({ to, atReceiver }: Way): number {
  return deviceRise(atReceiver, to.wanted.device, 'rxPackets');
}

/** Whether every probe crossed both ways. */
export function carriesPackets({ ways }: TunnelEvidence): boolean {
  return ways.every((way) => !isSilent(way) && !losesFullSize(way));
}

/** The ways on which something is lost altogether. */
export function silentWays({ ways }: TunnelEvidence): readonly Way[] {
  return ways.filter(isSilent);
}

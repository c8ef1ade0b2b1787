import { type CapturedPacket, isIcmpError } from './capture.ts';
import type { EndEvidence, Way } from './evidence.ts';

/** The tunnel's packets as they left the sender, after its firewall; undefined where nothing could be captured there. */
export function leftSender({ from, atSender }: Way): readonly CapturedPacket[] | undefined {
  return atSender.packets?.filter((packet) => packet.direction !== 'in' && packet.from === from.wanted.local && !isIcmpError(packet));
}

/** The tunnel's packets as they came to the receiver, before its firewall, from whomever; undefined where nothing could be captured there. */
export function cameToReceiver({ to, atReceiver }: Way): readonly CapturedPacket[] | undefined {
  return atReceiver.packets?.filter((packet) => packet.direction !== 'out' && packet.to === to.wanted.local && !isIcmpError(packet));
}

/** What others said of the sender's packets. */
export function errorsTold({ from, atSender }: Way): readonly CapturedPacket[] {
  return (atSender.packets ?? []).filter((packet) => packet.direction !== 'out' && packet.to === from.wanted.local && isIcmpError(packet));
}

/** «5 packets left router-a, 5 came to router-b, 0 came out of gre1 there»; what was not captured is left out. */
export function journey(way: Way, cameOut: number): string {
  const { from, to } = way;
  const [left, came] = [leftSender(way)?.length, cameToReceiver(way)?.length];
  return [
    ...(left === undefined ? [] : [`${left} packets left ${from.wanted.host}`]),
    ...(came === undefined ? [] : [`${came} came to ${to.wanted.host}`]),
    `${cameOut} came out of ${to.wanted.device} there`,
  ].join(', ');
}

/** Whether the peer answers outside the tunnel. */
export function isUnderlayAlive({ survey }: EndEvidence): boolean {
  return survey.underlay.received > 0;
}

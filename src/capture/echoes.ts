import type { Layer } from '../decode/layer.ts';
import type { IpAddress } from '../domain/address.ts';
import { type PingCounts, readPingCounts } from '../facts/ping.ts';
import { quoteAll } from '../shell/quote.ts';

/** Bytes of data in the echo requests a capture sends: no ping sends so many unless asked, so that they are told from those of others. */
const ECHO_BYTES = 74;
const ICMP_HEADER_BYTES = 8;

const SEPARATOR = '@sent';

/** Echo requests from one end to the peer's inner addresses. */
export interface Echoes {
  readonly device: string;
  readonly targets: readonly IpAddress[];
  readonly count: number;
}

/** Sends them one address after the other, so that they come by in the order of their numbers. */
export function echoScript({ device, targets, count }: Echoes): string {
  const options = ['-n', '-q', '-W', '2', '-I', device, '-c', String(count), '-i', '0.2', '-s', String(ECHO_BYTES)];
  return [...targets.map((target) => `ping ${quoteAll([...options, target])} 2>&1; echo ${SEPARATOR}`), ':'].join('\n');
}

/** How many were sent and answered, to all addresses together. */
export function readEchoes(output: string): PingCounts {
  const counts = output.split(SEPARATOR).map(readPingCounts);
  return { sent: counts.reduce((sum, one) => sum + one.sent, 0), received: counts.reduce((sum, one) => sum + one.received, 0) };
}

/** The number of an echo request that a capture sent to one of these addresses; undefined of any other packet. */
export function ownEcho(layers: readonly Layer[], targets: readonly IpAddress[]): number | undefined {
  const [ip, icmp] = layers.slice(-2);
  if (icmp?.layer !== 'icmp' && icmp?.layer !== 'icmpv6') return undefined;
  if (icmp.kind !== 'echo-request' || icmp.lengthBytes !== ECHO_BYTES + ICMP_HEADER_BYTES) return undefined;
  return (ip?.layer === 'ipv4' || ip?.layer === 'ipv6') && targets.includes(ip.to) ? icmp.seq : undefined;
}

import type { OuterProtocol } from './mode.ts';

/**
 * Whether the IPsec policies for one tunnel's outer packets would be for another's too, between the same two addresses.
 *
 * A policy is for all packets of a protocol, and a vti, which has none of its own, takes all ESP (net/ipv4/ip_vti.c, vti_rcv_cb()).
 */
export function wouldMeet(some: readonly OuterProtocol[], others: readonly OuterProtocol[]): boolean {
  const isSame = (one: OuterProtocol) => others.some(({ protocol, port }) => protocol === one.protocol && port === one.port);
  return some.length === 0 || others.length === 0 || some.some(isSame);
}

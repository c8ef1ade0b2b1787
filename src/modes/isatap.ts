import type { IpAddress } from '../domain/address.ts';
import { rangeOf } from '../domain/address.ts';
import type { InnerAddress } from '../domain/tunnel.ts';
import { ipipMode } from './ipip-family.ts';
import type { Fault, InfoData } from './mode.ts';
import { LEAST_IPV6_MTU_BYTES } from './sizes.ts';

/**
 * IPv6 in IPv4 where each inner address says the outer one (RFC 5214; net/ipv6/sit.c).
 *
 * The kernel sends by the outer address in the inner one, and drops what comes from an address without the sender's; so it
 * joins hosts, not networks. `remote` is stated all the same: nobody but the peer may send into it.
 */
export const isatap = ipipMode({
  name: 'isatap',
  kind: 'sit',
  isOne: ({ isatap: isIsatap }: InfoData) => isIsatap === true,
  proto: 'ip6ip',
  inner: () => [6],
  outer: 'IP protocol 41',
  modules: ['sit'],
  fallbackDevices: ['sit0'],
  tunnelSchema: {},
  leastMtu: () => LEAST_IPV6_MTU_BYTES,
  addressFault,
  withoutNetworks: {
    message: 'is isatap, which joins two hosts and no networks: the kernel drops packets from addresses without the sender’s outer address in them',
    hint: 'Remove it, or use mode sit.',
  },
});

/** `0000:5efe`, or `0200:5efe` for an address that is unique in the world, then the outer address (RFC 5214 section 6.1). */
const IDENTIFIERS: ReadonlySet<bigint> = new Set([0x5efen, 0x2005efen]);

function addressFault({ address, peer }: InnerAddress, local: IpAddress | undefined): Omit<Fault, 'field'> | undefined {
  const value = rangeOf(address).first;
  const outer = local === undefined ? undefined : rangeOf(local).first;
  const example = `fd00:5efe::5efe:${local ?? '192.0.2.1'}/64`;
  if (!IDENTIFIERS.has((value >> 32n) & 0xffffffffn) || (outer !== undefined && (value & 0xffffffffn) !== outer)) {
    return { message: `${address} does not end in 0:5efe and this host’s outer address, as ISATAP has it`, hint: `Write ${example}.` };
  }
  if (peer === undefined) return undefined;
  return {
    message: `${address} is point to point, and ISATAP needs both addresses in one subnet`,
    hint: `Write the length of the subnet after it, as in ${example}.`,
  };
}

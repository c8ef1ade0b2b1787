import { ip6Mode } from './ip6-family.ts';
import { ETHERNET_HEADER_BYTES, LEAST_MTU_BYTES } from './sizes.ts';

/** Ethernet in GRE over IPv6: the ends are neighbours on one link, with broadcast and multicast. */
export const ip6gretap = ip6Mode({
  name: 'ip6gretap',
  inner: () => [4, 6],
  isEthernet: true,
  linkHeaderBytes: ETHERNET_HEADER_BYTES,
  outer: 'IPv6 next header 47',
  modules: ['ip6_gre'],
  fallbackDevices: ['ip6gre0', 'ip6tnl0'],
  leastMtu: () => LEAST_MTU_BYTES,
});

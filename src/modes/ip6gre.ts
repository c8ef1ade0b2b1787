import { ip6Mode } from './ip6-family.ts';
import { LEAST_MTU_BYTES } from './sizes.ts';

/** IPv4 and IPv6 in GRE over IPv6. */
export const ip6gre = ip6Mode({
  name: 'ip6gre',
  inner: () => [4, 6],
  isEthernet: false,
  linkHeaderBytes: 0,
  outer: 'IPv6 next header 47',
  modules: ['ip6_gre'],
  fallbackDevices: ['ip6gre0', 'ip6tnl0'],
  leastMtu: () => LEAST_MTU_BYTES,
});

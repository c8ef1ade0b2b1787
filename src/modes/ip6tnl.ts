import { protoField } from './fields.ts';
import { ip6Mode } from './ip6-family.ts';
import { LEAST_IPV6_MTU_BYTES, LEAST_MTU_BYTES } from './sizes.ts';

/** IPv4 and IPv6 in IPv6 (RFC 2473): the smallest overhead over IPv6, without keys. */
export const ip6tnl = ip6Mode({
  name: 'ip6tnl',
  inner: ({ proto = 'any' }) => ({ ipip6: [4] as const, ip6ip6: [6] as const })[proto] ?? [4, 6],
  isEthernet: false,
  linkHeaderBytes: 0,
  outer: 'IPv6 next headers 4 and 41',
  modules: ['ip6_tunnel'],
  fallbackDevices: ['ip6tnl0'],
  tunnelSchema: protoField('What is carried: IPv4 (`ipip6`), IPv6 (`ip6ip6`), or `any` of them.', ['any', 'ipip6', 'ip6ip6']),
  leastMtu: ({ proto }) => (proto === 'ip6ip6' ? LEAST_IPV6_MTU_BYTES : LEAST_MTU_BYTES),
});

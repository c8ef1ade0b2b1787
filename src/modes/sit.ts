import { protoField } from './fields.ts';
import { ipipMode } from './ipip-family.ts';
import type { InfoData } from './mode.ts';
import { LEAST_IPV6_MTU_BYTES } from './sizes.ts';

/** IPv6 in IPv4 (6in4, RFC 4213), and IPv4 as well where `proto` says so. */
export const sit = ipipMode({
  name: 'sit',
  kind: 'sit',
  isOne: ({ isatap }: InfoData) => isatap !== true,
  proto: 'ip6ip',
  inner: ({ proto = 'ip6ip' }) => ({ ip6ip: [6] as const, ipip: [4] as const })[proto] ?? [4, 6],
  outer: 'IP protocol 41',
  modules: ['sit'],
  fallbackDevices: ['sit0'],
  tunnelSchema: protoField('What is carried: IPv6 (`ip6ip`), IPv4 (`ipip`), or `any` of them.', ['ip6ip', 'ipip', 'any']),
  leastMtu: () => LEAST_IPV6_MTU_BYTES,
});

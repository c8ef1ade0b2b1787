import { protoField } from './fields.ts';
import { ipipMode } from './ipip-family.ts';
import { LEAST_MTU_BYTES } from './sizes.ts';

/** IPv4 in IPv4 (RFC 2003). The mode word is always stated, because `ip link` and `ip tunnel` differ in its default. */
export const ipip = ipipMode({
  name: 'ipip',
  kind: 'ipip',
  proto: 'ipip',
  inner: () => [4],
  outer: 'IP protocol 4',
  modules: ['ipip'],
  fallbackDevices: ['tunl0'],
  tunnelSchema: protoField('What is carried: IPv4 alone, or `any`, which is IPv4 and MPLS.', ['ipip', 'any']),
  leastMtu: () => LEAST_MTU_BYTES,
});

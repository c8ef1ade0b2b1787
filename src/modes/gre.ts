import { greMode } from './gre-family.ts';

/** IPv4 and IPv6 in GRE over IPv4. */
export const gre = greMode({ name: 'gre', inner: () => [4, 6], isEthernet: false, linkHeaderBytes: 0 });

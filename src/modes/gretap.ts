import { greMode } from './gre-family.ts';
import { ETHERNET_HEADER_BYTES } from './sizes.ts';

/** Ethernet in GRE over IPv4: the ends are neighbours on one link, with broadcast and multicast. */
export const gretap = greMode({ name: 'gretap', inner: () => [4, 6], isEthernet: true, linkHeaderBytes: ETHERNET_HEADER_BYTES });

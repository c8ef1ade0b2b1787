import { vtiMode } from './vti-family.ts';

/** IPsec over IPv6 as a device. Since Linux 5.9 it takes IP in IPv6 as well, whatever its key (net/ipv6/ip6_vti.c, vti6_rcv_tunnel). */
export const vti6 = vtiMode({
  name: 'vti6',
  underlay: [6],
  inner: () => [4, 6],
  modules: ['ip6_vti'],
  fallbackDevices: ['ip6_vti0', 'ip6tnl0'],
  shadows: ['ip6tnl'],
});

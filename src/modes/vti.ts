import { vtiMode } from './vti-family.ts';

/** IPsec over IPv4 as a device. Since Linux 5.9 it takes IP in IP as well, whatever its key (net/ipv4/ip_vti.c, vti_rcv_tunnel). */
export const vti = vtiMode({
  name: 'vti',
  underlay: [4],
  inner: () => [4],
  modules: ['ip_vti'],
  fallbackDevices: ['ip_vti0'],
  shadows: ['ipip', 'sit', 'isatap'],
});

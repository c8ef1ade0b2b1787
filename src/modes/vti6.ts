import { vtiMode } from './vti-family.ts';

/** IPsec over IPv6 as a device. */
export const vti6 = vtiMode({ name: 'vti6', underlay: [6], inner: () => [4, 6], modules: ['ip6_vti'], fallbackDevices: ['ip6_vti0', 'ip6tnl0'] });

import { vtiMode } from './vti-family.ts';

/** IPsec over IPv4 as a device. */
export const vti = vtiMode({ name: 'vti', underlay: [4], inner: () => [4], modules: ['ip_vti'], fallbackDevices: ['ip_vti0'] });

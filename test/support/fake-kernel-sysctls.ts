import { type FakeLink, hasIpv6, type KernelState, Refusal } from './fake-kernel-state.ts';

const IPV4_NAMES = ['forwarding', 'promote_secondaries', 'rp_filter'] as const;
const IPV6_NAMES = ['forwarding', 'keep_addr_on_down'] as const;

/** The settings a kernel has before any device is there. */
export function firstSysctls(): Map<string, string> {
  const settings = [
    ...['all', 'default'].flatMap((place) => IPV4_NAMES.map((name) => `net/ipv4/conf/${place}/${name}`)),
    ...['all', 'default'].flatMap((place) => IPV6_NAMES.map((name) => `net/ipv6/conf/${place}/${name}`)),
  ];
  return new Map([['net/ipv4/ip_forward', '0'], ...settings.map((path): [string, string] => [path, '0'])]);
}

export function sysctl(state: KernelState, path: string): string {
  return state.sysctls.get(path) ?? '0';
}

/** A new device takes what conf/default has. */
export function addDeviceSysctls(state: KernelState, { device, mtuBytes }: FakeLink): void {
  for (const name of IPV4_NAMES) state.sysctls.set(`net/ipv4/conf/${device}/${name}`, sysctl(state, `net/ipv4/conf/default/${name}`));
  if (mtuBytes >= 1280) addIpv6Sysctls(state, device);
}

export function addIpv6Sysctls(state: KernelState, device: string): void {
  for (const name of IPV6_NAMES) state.sysctls.set(`net/ipv6/conf/${device}/${name}`, sysctl(state, `net/ipv6/conf/default/${name}`));
}

export function removeIpv6Sysctls(state: KernelState, device: string): void {
  for (const name of IPV6_NAMES) state.sysctls.delete(`net/ipv6/conf/${device}/${name}`);
}

export function removeDeviceSysctls(state: KernelState, device: string): void {
  for (const name of IPV4_NAMES) state.sysctls.delete(`net/ipv4/conf/${device}/${name}`);
  removeIpv6Sysctls(state, device);
}

/** Every change of ip_forward overwrites all conf/DEV/forwarding (net/ipv4/devinet.c); writing what is there changes nothing. */
export function writeSysctl(state: KernelState, path: string, value: string): void {
  if (!state.sysctls.has(path)) throw new Refusal(`cannot create /proc/sys/${path}: Directory nonexistent`, 2);
  if (!/^\d+$/.test(value)) throw new Refusal('write error: Invalid argument', 1);
  if (state.sysctls.get(path) === value) return;
  state.sysctls.set(path, value);
  if (path === 'net/ipv4/ip_forward' || path === 'net/ipv4/conf/all/forwarding') forwardIpv4(state, value);
  if (path === 'net/ipv6/conf/all/forwarding') forwardIpv6(state, value);
}

function forwardIpv4(state: KernelState, value: string): void {
  const devices = state.links.map(({ device }) => `net/ipv4/conf/${device}/forwarding`);
  for (const path of ['net/ipv4/ip_forward', 'net/ipv4/conf/all/forwarding', 'net/ipv4/conf/default/forwarding', ...devices])
    state.sysctls.set(path, value);
}

/** Routes learnt from router advertisements go when the host becomes a router (net/ipv6/addrconf.c). */
function forwardIpv6(state: KernelState, value: string): void {
  const devices = state.links.filter(hasIpv6).map(({ device }) => `net/ipv6/conf/${device}/forwarding`);
  for (const path of ['net/ipv6/conf/default/forwarding', ...devices]) state.sysctls.set(path, value);
  if (value === '1') state.routes = state.routes.filter(({ protocol }) => protocol !== 'ra');
}

import type { Family } from '../domain/address.ts';
import type { ModeName } from '../domain/tunnel.ts';
import { encapsulationModules } from './encapsulation.ts';
import { modeOf } from './index.ts';

/** What `ip xfrm` speaks to, and ESP itself; the ciphers are loaded by the kernel when it needs them (crypto/api.c). */
const ESP_MODULES: Readonly<Record<Family, readonly string[]>> = { 4: ['xfrm_user', 'esp4'], 6: ['xfrm_user', 'esp6'] };

/** What has to be switched on in a kernel's configuration for a module to be there (net/xfrm/Kconfig, net/ipv4/Kconfig). */
export const CONFIG_SYMBOLS: ReadonlyMap<string, string> = new Map([
  ['xfrm_user', 'CONFIG_XFRM_USER'],
  ['esp4', 'CONFIG_INET_ESP'],
  ['esp6', 'CONFIG_INET6_ESP'],
]);

/** Modules that tunnels of a mode need, in the order to load them. @param families - those their outer packets may have */
export function modulesOf({ mode, ipsec, encap }: Needs, families: readonly Family[]): readonly string[] {
  const esp = ipsec === true ? families.flatMap((family) => ESP_MODULES[family]) : [];
  return [...new Set([...modeOf(mode).modules, ...(encap === undefined ? [] : families.flatMap(encapsulationModules)), ...esp])];
}

interface Needs {
  readonly mode: ModeName;
  readonly ipsec?: boolean;
  readonly encap?: unknown;
}

import type { DrawnKeys } from '../domain/ipsec.ts';
import { KEY_BYTES } from '../domain/ipsec.ts';
import { Secret } from '../domain/secret.ts';
import type { Tunnel } from '../domain/tunnel.ts';
import type { World } from './world.ts';

/** Two are needed; a host has one of four random ones already once in a thousand million runs. */
const SPIS = 6;
/** Below are the reserved ones (RFC 4303 section 2.1). */
const FIRST_SPI = 0x1000;

/** Keys and numbers for the associations of all tunnels that have some; each plan draws its own, so no key is ever used twice. */
export function drawKeys(tunnels: readonly Tunnel[], { randomBytes }: Pick<World, 'randomBytes'>): ReadonlyMap<string, DrawnKeys> {
  const key = () => new Secret(`0x${randomBytes(KEY_BYTES).toString('hex')}`);
  const spi = () => FIRST_SPI + (randomBytes(4).readUInt32BE() % (0x1_0000_0000 - FIRST_SPI));
  const protectedOnes = tunnels.filter(({ ipsec, state }) => ipsec === true && state === 'present');
  return new Map(protectedOnes.map(({ name }) => [name, { keys: [key(), key()], spis: Array.from({ length: SPIS }, spi) }]));
}

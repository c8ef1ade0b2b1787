import type { Attributes } from '../domain/observed.ts';
import { compact } from './attribute-words.ts';

/**
 * fou and gue attributes of a device, restated in every change: iproute2 6.1 writes back unspecified
 * ports byte-swapped (`ip link change` on a device with encap).
 */
export function parseEncapsulation(value: unknown): Attributes {
  if (typeof value !== 'object' || value === null) return {};
  const encap = value as Readonly<Record<string, unknown>>;
  if (typeof encap.type !== 'string' || encap.type === 'none') return {};
  return compact({
    encap: encap.type,
    'encap-sport': encap.sport === 0 || encap.sport === undefined ? 'auto' : Number(encap.sport),
    'encap-dport': Number(encap.dport ?? 0),
    'encap-csum': encap.csum === true ? true : undefined,
    'encap-csum6': encap.csum6 === true ? true : undefined,
    'encap-remcsum': encap.remcsum === true ? true : undefined,
  });
}

/** The words of ip-link(8) for what {@link parseEncapsulation} found. */
export function encapsulationWords(attributes: Attributes): readonly string[] {
  if (attributes.encap === undefined) return [];
  const flags = ['csum', 'csum6', 'remcsum'].map((flag) => (attributes[`encap-${flag}`] === true ? `encap-${flag}` : `noencap-${flag}`));
  return [
    'encap',
    String(attributes.encap),
    'encap-sport',
    String(attributes['encap-sport']),
    'encap-dport',
    String(attributes['encap-dport']),
    ...flags,
  ];
}

import type { Family } from '../domain/address.ts';
import type { Endpoint } from '../domain/endpoint.ts';
import type { Attributes } from '../domain/observed.ts';
import { compact } from './attribute-words.ts';

/** UDP, and GUE's own header (net/ipv4/fou_core.c; draft-ietf-intarea-gue), bytes. */
const ENCAPSULATION_BYTES = { fou: 8, gue: 8 + 4 } as const;

export function encapsulationBytes({ encap }: Pick<Endpoint, 'encap'>): number {
  return encap === undefined ? 0 : ENCAPSULATION_BYTES[encap.type];
}

/** Modules of the encapsulation; `fou` is loaded by nothing but its name. */
export function encapsulationModules(underlay: Family): readonly string[] {
  return underlay === 4 ? ['fou'] : ['fou', 'fou6'];
}

/** The only one of several, which is what a port of fou takes. */
export function onlyOne(protocols: readonly number[] = []): number | undefined {
  return protocols.length === 1 ? protocols[0] : undefined;
}

/** What a device has that is encapsulated; checksums as the kernel has them where nobody says otherwise: none in IPv4, where they may be left out. */
export function encapsulationAttributes({ encap }: Pick<Endpoint, 'encap'>): Attributes {
  if (encap === undefined) return {};
  return { encap: encap.type, 'encap-sport': encap.sourcePort, 'encap-dport': encap.destinationPort, 'encap-csum6': true };
}

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

/** iproute2 reads another word for the checksum over IPv6 than it prints, and than its own usage has (ip/link_gre.c). */
const FLAG_WORDS = [
  ['encap-csum', 'encap-csum'],
  ['encap-csum6', 'encap-udp6-csum'],
  ['encap-remcsum', 'encap-remcsum'],
] as const;

/** The words of ip-link(8) for what {@link parseEncapsulation} found. */
export function encapsulationWords(attributes: Attributes): readonly string[] {
  if (attributes.encap === undefined) return [];
  const flags = FLAG_WORDS.map(([name, word]) => (attributes[name] === true ? word : `no${word}`));
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

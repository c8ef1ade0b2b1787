import type { Family } from '../domain/address.ts';
import type { Attributes } from '../domain/observed.ts';
import { compact, isExchanged, keyAttribute, outerAttributes, parseOuter, valueWords, zeroWords } from './attribute-words.ts';
import { fwmarkField, ikeyField, vtiFields } from './fields.ts';
import type { Mode } from './mode.ts';
import { ipHeaderBytes, LEAST_MTU_BYTES, mostMtuBytes } from './sizes.ts';

const VALUES = ['local', 'remote', 'dev', 'ikey', 'okey', 'fwmark'] as const;
const CHANGEABLE: ReadonlySet<string> = new Set(['ikey', 'okey', 'fwmark']);
const ONLY_EXCHANGED: ReadonlySet<string> = new Set(['local', 'remote', 'dev']);

/** ESP header, and the initialization vector and checksum of AES-CBC with HMAC-SHA-256-128 (RFC 4303, 3602, 4868), bytes. */
const ESP_BYTES = 8 + 16 + 16;
/** The inner packet and a trailer of two bytes fill whole blocks. */
const ESP_BLOCK_BYTES = 16;
const ESP_TRAILER_BYTES = 2;

/** Bytes ESP in tunnel mode may add to a packet that fills `roomBytes`, whichever of today's algorithms was agreed upon. */
function espOverheadBytes(headerBytes: number, roomBytes: number): number {
  const blocks = Math.floor((roomBytes - headerBytes - ESP_BYTES) / ESP_BLOCK_BYTES);
  return roomBytes - (blocks * ESP_BLOCK_BYTES - ESP_TRAILER_BYTES);
}

/**
 * A device for what IPsec policies protect (net/ipv4/ip_vti.c, net/ipv6/ip6_vti.c).
 *
 * It carries nothing by itself: somebody else, such as strongSwan, installs policies whose mark is the device's key. What the
 * kernel proposes as MTU leaves no room for ESP, and no ttl or path MTU discovery can be set.
 */
export function vtiMode(particular: Pick<Mode, 'name' | 'inner' | 'modules' | 'fallbackDevices'> & { readonly underlay: readonly [Family] }): Mode {
  const { name } = particular;
  return {
    ...particular,
    kind: name,
    isEthernet: false,
    outer: 'IP protocol 50, ESP',
    hasKey: true,
    toldApartBy: ['local', 'remote', 'dev'],
    tunnelSchema: vtiFields,
    endpointSchema: { ...ikeyField, ...fwmarkField },
    leastMtu: () => LEAST_MTU_BYTES,
    mostMtu: ({ remote }) => mostMtuBytes(espOverheadBytes(ipHeaderBytes(remote), mostMtuBytes(0))),
    overheadBytes: ({ remote }, roomBytes) => espOverheadBytes(ipHeaderBytes(remote), roomBytes),
    identity: ({ local, remote, dev }) => `${name} ${local} ${remote} ${dev ?? 'any'}`,
    attributes: (endpoint) => {
      const { tos: _, ...outer } = outerAttributes(endpoint);
      return compact({ ...outer, ikey: endpoint.ikey || undefined, okey: endpoint.okey || undefined });
    },
    parse: (found) => compact({ ...parseOuter(found), ikey: keyAttribute(found.ikey) || undefined, okey: keyAttribute(found.okey) || undefined }),
    isChangeable: (attribute, between) => CHANGEABLE.has(attribute) || (ONLY_EXCHANGED.has(attribute) && isExchanged(attribute, between)),
    addArguments: words,
    changeArguments: (from, to) => [[...words(to), ...zeroWords(from, to, ['ikey', 'okey', 'fwmark'])]],
    silenceHint: `A ${name} device carries only what IPsec policies with its key as mark protect: look at \`ip xfrm policy\` and \`ip -s xfrm state\` on both hosts.`,
  };
}

function words(attributes: Attributes): readonly string[] {
  return valueWords(attributes, VALUES);
}

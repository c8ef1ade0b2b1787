import type { Family } from '../domain/address.ts';
import type { Attributes } from '../domain/observed.ts';
import { compact, isExchanged, keyAttribute, outerAttributes, parseOuter, valueWords, zeroWords } from './attribute-words.ts';
import { type EspSizes, GCM_SIZES, mostWrappedBytes } from './esp.ts';
import { fwmarkField, ikeyField, vtiFields } from './fields.ts';
import type { Mode, Weighed } from './mode.ts';
import { ipHeaderBytes, LEAST_MTU_BYTES, mostMtuBytes } from './sizes.ts';

const VALUES = ['local', 'remote', 'dev', 'ikey', 'okey', 'fwmark'] as const;
const CHANGEABLE: ReadonlySet<string> = new Set(['ikey', 'okey', 'fwmark']);
const ONLY_EXCHANGED: ReadonlySet<string> = new Set(['local', 'remote', 'dev']);

/** ESP header, and the initialization vector and checksum of AES-CBC with HMAC-SHA-256-128 (RFC 4303, 3602, 4868), bytes. */
const CBC_SIZES: EspSizes = { fixedBytes: 8 + 16 + 16, blockBytes: 16 };

/** Bytes ESP in tunnel mode adds to a packet that fills `roomBytes`; where somebody else sees to it, whichever of today's algorithms was agreed upon. */
function espOverheadBytes({ remote, ipsec }: Weighed, roomBytes: number): number {
  return roomBytes - mostWrappedBytes(roomBytes - ipHeaderBytes(remote), ipsec === true ? GCM_SIZES : CBC_SIZES);
}

/**
 * A device for what IPsec policies protect (net/ipv4/ip_vti.c, net/ipv6/ip6_vti.c).
 *
 * It carries nothing by itself: `ipsec`, or somebody else, such as strongSwan, installs policies whose mark is the device's key. What the
 * kernel proposes as MTU leaves no room for ESP, and no ttl or path MTU discovery can be set.
 */
export function vtiMode(
  particular: Pick<Mode, 'name' | 'inner' | 'modules' | 'fallbackDevices' | 'shadows'> & { readonly underlay: readonly [Family] },
): Mode {
  const { name } = particular;
  return {
    ...particular,
    kind: name,
    isEthernet: false,
    outer: 'IP protocol 50, ESP',
    protocols: () => [],
    hasKey: true,
    toldApartBy: ['local', 'remote', 'dev'],
    tunnelSchema: vtiFields,
    endpointSchema: { ...ikeyField, ...fwmarkField },
    leastMtu: () => LEAST_MTU_BYTES,
    mostMtu: (endpoint) => mostMtuBytes(espOverheadBytes(endpoint, mostMtuBytes(0))),
    overheadBytes: espOverheadBytes,
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

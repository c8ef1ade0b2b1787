import type { Attributes } from '../domain/observed.ts';
import {
  compact,
  flag,
  flagAttributes,
  flagWords,
  isExchanged,
  keyAttribute,
  noWords,
  outerAttributes,
  parseOuter,
  ttlAttribute,
  valueWords,
  zeroWords,
} from './attribute-words.ts';
import { encapsulationAttributes, encapsulationWords, parseEncapsulation } from './encapsulation.ts';
import { encapField, fwmarkField, greFields, ignoreDfField, ikeyField, pmtudiscField, publicPortField, tosField, ttlField } from './fields.ts';
import type { Mode, Weighed } from './mode.ts';
import { greHeaderBytes, IPV4_HEADER_BYTES, LEAST_MTU_BYTES, mostMtuBytes } from './sizes.ts';

/** Switched on by a bare word, off by the same word with `no` before it (ip-link(8), GRE). */
export const GRE_FLAGS = ['icsum', 'ocsum', 'iseq', 'oseq'] as const;
const VALUES = ['local', 'remote', 'dev', 'ikey', 'okey', 'ttl', 'tos', 'fwmark'] as const;
const CHANGEABLE: ReadonlySet<string> = new Set(['ikey', 'okey', 'ttl', 'tos', 'fwmark', 'pmtudisc', 'ignore-df', ...GRE_FLAGS]);
const ONLY_EXCHANGED: ReadonlySet<string> = new Set(['local', 'remote', 'dev']);

/** IP protocol of GRE (RFC 2784). */
export const GRE_PROTOCOL = 47;

/** What gre and gretap differ in. */
type GreKind = Pick<Mode, 'inner' | 'isEthernet'> & {
  readonly name: 'gre' | 'gretap';
  /** Bytes of the inner packet's own header that is carried along. */
  readonly linkHeaderBytes: number;
};

/** GRE over IPv4 (RFC 2784, keys RFC 2890; net/ipv4/ip_gre.c). */
export function greMode({ name, inner, isEthernet, linkHeaderBytes }: GreKind): Mode {
  const overheadBytes = (endpoint: Weighed) => IPV4_HEADER_BYTES + greHeaderBytes(endpoint) + linkHeaderBytes;
  return {
    name,
    kind: name,
    underlay: [4],
    inner,
    isEthernet,
    outer: 'IP protocol 47',
    protocols: () => [{ protocol: 47 }],
    modules: ['ip_gre'],
    fallbackDevices: ['gre0', 'gretap0', 'erspan0'],
    hasKey: true,
    toldApartBy: ['local', 'remote', 'key', 'dev'],
    tunnelSchema: { ...greFields, ...ttlField, ...tosField, ...pmtudiscField, ...ignoreDfField, ...encapField },
    endpointSchema: { ...ikeyField, ...fwmarkField, ...publicPortField },
    encapsulated: () => GRE_PROTOCOL,
    faults: ({ ignoreDf, pmtudisc = true }) =>
      ignoreDf === true && pmtudisc
        ? [{ field: 'ignore_df', message: 'has ignore_df, which needs pmtudisc: false', hint: 'Add «pmtudisc: false», or remove ignore_df.' }]
        : [],
    leastMtu: () => LEAST_MTU_BYTES,
    mostMtu: (endpoint) => mostMtuBytes(overheadBytes(endpoint)),
    overheadBytes,
    identity: ({ local, remote, ikey, dev }) => `${name} ${local} ${remote} ${ikey ?? 'keyless'} ${dev ?? 'any'}`,
    attributes: (endpoint) =>
      compact({
        ...outerAttributes(endpoint),
        ikey: endpoint.ikey,
        okey: endpoint.okey,
        ttl: endpoint.ttl,
        pmtudisc: endpoint.pmtudisc ?? true,
        'ignore-df': flag(endpoint.ignoreDf),
        ...greFlags(endpoint),
        ...encapsulationAttributes(endpoint),
      }),
    parse: (found) =>
      compact({
        ...parseOuter(found),
        ikey: keyAttribute(found.ikey),
        okey: keyAttribute(found.okey),
        ttl: ttlAttribute(found.ttl),
        pmtudisc: found.pmtudisc !== false,
        'ignore-df': flag(found.ignore_df),
        ...flagAttributes(found, GRE_FLAGS),
        ...parseEncapsulation(found.encap),
      }),
    isChangeable: (attribute, between) => CHANGEABLE.has(attribute) || (ONLY_EXCHANGED.has(attribute) && isExchanged(attribute, between)),
    addArguments: words,
    changeArguments,
  };
}

/** The flags of both directions for what is declared once. */
export function greFlags({ csum, seq }: { readonly csum?: boolean; readonly seq?: boolean }): Record<string, true | undefined> {
  return { icsum: flag(csum), ocsum: flag(csum), iseq: flag(seq), oseq: flag(seq) };
}

function words(attributes: Attributes): readonly string[] {
  const discovery = attributes.pmtudisc === false ? ['nopmtudisc', ...flagWords(attributes, ['ignore-df'])] : ['pmtudisc'];
  return [...valueWords(attributes, VALUES), ...discovery, ...flagWords(attributes, GRE_FLAGS), ...encapsulationWords(attributes)];
}

/** The kernel refuses to take ignore-df back and to discover path MTUs again in one command (net/ipv4/ip_gre.c). */
function changeArguments(from: Attributes, to: Attributes): readonly (readonly string[])[] {
  const { 'ignore-df': ignoreDf, ...others } = from;
  const last = [...words(to), ...noWords(from, to, ['ikey', 'okey', ...GRE_FLAGS]), ...zeroWords(from, to, ['tos', 'fwmark'])];
  return ignoreDf === true && to['ignore-df'] === undefined ? [[...words(others), 'noignore-df'], last] : [last];
}

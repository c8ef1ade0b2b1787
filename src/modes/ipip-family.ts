import type { Attributes } from '../domain/observed.ts';
import {
  compact,
  flag,
  flagWords,
  isExchanged,
  outerAttributes,
  parseOuter,
  textAttribute,
  ttlAttribute,
  valueWords,
  zeroWords,
} from './attribute-words.ts';
import { encapsulationAttributes, encapsulationWords, onlyOne, parseEncapsulation } from './encapsulation.ts';
import { encapField, fwmarkField, pmtudiscField, publicPortField, tosField, ttlField } from './fields.ts';
import type { InfoData, Mode } from './mode.ts';
import { IPV4_HEADER_BYTES, mostMtuBytes } from './sizes.ts';

const VALUES = ['local', 'remote', 'dev', 'ttl', 'tos', 'fwmark', '6rd-prefix'] as const;
const CHANGEABLE: ReadonlySet<string> = new Set(['ttl', 'tos', 'fwmark', 'pmtudisc']);
const ONLY_EXCHANGED: ReadonlySet<string> = new Set(['local', 'remote', 'dev']);
/** What every sit device has unless somebody made it for 6rd (net/ipv6/sit.c). */
const NO_6RD = '2002::/16';

/** IP protocols by the words of ip-link(8) for `mode`; `any` takes MPLS too (RFC 4023). */
const CARRIED: Readonly<Record<string, readonly number[]>> = { ipip: [4], ip6ip: [41], any: [4, 41, 137] };

/** What ipip, sit and isatap differ in. */
type IpipKind = Pick<
  Mode,
  | 'name'
  | 'inner'
  | 'outer'
  | 'leastMtu'
  | 'isOne'
  | 'addressFault'
  | 'withoutNetworks'
  | 'silenceHint'
  | 'modules'
  | 'fallbackDevices'
  | 'tunnelSchema'
> & {
  readonly kind: 'ipip' | 'sit';
  readonly proto: string;
};

/** IP in IPv4 without a header of its own (RFC 2003, 4213; net/ipv4/ipip.c, net/ipv6/sit.c): no key, so one such device to a peer. */
export function ipipMode({ kind, proto, tunnelSchema, ...particular }: IpipKind): Mode {
  const isIsatap = particular.name === 'isatap';
  return {
    ...particular,
    kind,
    underlay: [4],
    isEthernet: false,
    protocols: (options) => (CARRIED[options.proto ?? proto] ?? []).map((protocol) => ({ protocol })),
    hasKey: false,
    toldApartBy: ['local', 'remote', 'dev'],
    tunnelSchema: { ...ttlField, ...tosField, ...pmtudiscField, ...(isIsatap ? {} : encapField), ...tunnelSchema },
    endpointSchema: { ...fwmarkField, ...(isIsatap ? {} : publicPortField) },
    ...(isIsatap ? {} : { encapsulated: (options) => onlyOne(CARRIED[options.proto ?? proto]) }),
    faults: ({ ttl, pmtudisc = true }) =>
      pmtudisc || ttl === 'inherit'
        ? []
        : [{ field: 'pmtudisc', message: 'has pmtudisc: false, which needs ttl: inherit', hint: 'Add «ttl: inherit», or remove pmtudisc.' }],
    mostMtu: () => mostMtuBytes(IPV4_HEADER_BYTES),
    overheadBytes: () => IPV4_HEADER_BYTES,
    identity: ({ local, remote, dev }) => `${kind} ${local} ${remote} ${dev ?? 'any'}`,
    attributes: (endpoint) =>
      compact({
        proto: endpoint.proto ?? proto,
        isatap: flag(isIsatap),
        ...outerAttributes(endpoint),
        ttl: endpoint.ttl,
        pmtudisc: endpoint.pmtudisc ?? true,
        ...encapsulationAttributes(endpoint),
      }),
    parse: (found) =>
      compact({
        proto: textAttribute(found.proto) ?? proto,
        isatap: flag(found.isatap),
        ...parseOuter(found),
        ttl: ttlAttribute(found.ttl),
        pmtudisc: found.pmtudisc !== false,
        '6rd-prefix': rapidDeployment(found),
        ...parseEncapsulation(found.encap),
      }),
    isChangeable: (attribute, between) => CHANGEABLE.has(attribute) || (ONLY_EXCHANGED.has(attribute) && isExchanged(attribute, between)),
    addArguments: words,
    changeArguments: (from, to) => [[...words(to), ...zeroWords(from, to, ['tos', 'fwmark'])]],
  };
}

/** The kernel keeps `mode` and `isatap` of a live device and says nothing (ipip_changelink, ipip6_changelink): they are set only when it is made. */
function words(attributes: Attributes): readonly string[] {
  return [
    'mode',
    String(attributes.proto),
    ...flagWords(attributes, ['isatap']),
    ...valueWords(attributes, VALUES),
    attributes.pmtudisc === false ? 'nopmtudisc' : 'pmtudisc',
    ...encapsulationWords(attributes),
  ];
}

function rapidDeployment({ prefix, prefixlen }: InfoData): string | undefined {
  const text = `${prefix}/${prefixlen}`;
  return typeof prefix !== 'string' || text === NO_6RD ? undefined : text;
}

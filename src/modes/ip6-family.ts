import type { Attributes } from '../domain/observed.ts';
import type { TunnelOptions } from '../domain/tunnel.ts';
import {
  compact,
  flagAttributes,
  flagWords,
  isExchanged,
  keyAttribute,
  noWords,
  outerAttributes,
  parseOuter,
  textAttribute,
  tosAttribute,
  ttlAttribute,
  valueWords,
  zeroWords,
} from './attribute-words.ts';
import { encapsulationAttributes, encapsulationWords, onlyOne, parseEncapsulation } from './encapsulation.ts';
import { encapField, fwmarkField, greFields, ikeyField, ip6Fields, publicPortField, tosField, ttlField } from './fields.ts';
import { GRE_FLAGS, GRE_PROTOCOL, greFlags } from './gre-family.ts';
import type { InfoData, Mode, Weighed } from './mode.ts';
import { greHeaderBytes, ip6HeaderBytes, mostMtuBytes } from './sizes.ts';

const VALUES = ['local', 'remote', 'dev', 'ikey', 'okey', 'ttl', 'tos', 'encaplimit', 'flowlabel', 'fwmark'] as const;
const CHANGEABLE: ReadonlySet<string> = new Set(['proto', 'ikey', 'okey', 'ttl', 'tos', 'encaplimit', 'flowlabel', 'fwmark', ...GRE_FLAGS]);
const ONLY_EXCHANGED: ReadonlySet<string> = new Set(['local', 'remote', 'dev']);

/** IP protocols by the words of ip-link(8) for `mode`. */
const CARRIED: Readonly<Record<string, readonly number[]>> = { ipip6: [4], ip6ip6: [41], any: [4, 41] };

/** What ip6gre, ip6gretap and ip6tnl differ in. */
type Ip6Kind = Pick<Mode, 'inner' | 'isEthernet' | 'outer' | 'leastMtu' | 'modules' | 'fallbackDevices'> & {
  readonly name: 'ip6gre' | 'ip6gretap' | 'ip6tnl';
  /** Bytes of the inner packet's own header that is carried along. */
  readonly linkHeaderBytes: number;
  readonly tunnelSchema?: Mode['tunnelSchema'];
};

/** Tunnels whose outer packets are IPv6 (RFC 2473; net/ipv6/ip6_gre.c, net/ipv6/ip6_tunnel.c). Only those with GRE have keys. */
export function ip6Mode({ linkHeaderBytes, tunnelSchema = {}, ...particular }: Ip6Kind): Mode {
  const { name } = particular;
  const isGre = name !== 'ip6tnl';
  const greBytes = (endpoint: Weighed) => (isGre ? greHeaderBytes(endpoint) : 0);
  const overheadBytes = (endpoint: Weighed) => ip6HeaderBytes(endpoint) + greBytes(endpoint) + linkHeaderBytes;
  return {
    ...particular,
    kind: name,
    underlay: [6],
    protocols: ({ proto = 'any' }) => (isGre ? [47] : (CARRIED[proto] ?? [])).map((protocol) => ({ protocol })),
    hasKey: isGre,
    toldApartBy: isGre ? ['local', 'remote', 'key', 'dev'] : ['local', 'remote', 'dev'],
    tunnelSchema: { ...(isGre ? greFields : {}), ...ttlField, ...tosField, ...ip6Fields, ...encapField, ...tunnelSchema },
    endpointSchema: { ...(isGre ? ikeyField : {}), ...fwmarkField, ...publicPortField },
    encapsulated: ({ proto }) => (isGre ? GRE_PROTOCOL : onlyOne(CARRIED[proto ?? 'any'])),
    // The kernel counts the GRE header of ip6gretap twice (net/ipv6/ip6_tunnel.c, ip6_tnl_change_mtu).
    mostMtu: (endpoint) => mostMtuBytes(overheadBytes(endpoint) + greBytes(endpoint)),
    overheadBytes,
    // Both kinds of GRE coexist, but a change of ip6gretap is refused where an ip6gre is the same (net/ipv6/ip6_gre.c, ip6gre_changelink_common).
    identity: ({ local, remote, ikey, dev }) =>
      [isGre ? 'ip6gre' : name, local, remote, ...(isGre ? [ikey ?? 'keyless'] : []), dev ?? 'any'].join(' '),
    attributes: (endpoint) =>
      compact({
        proto: isGre ? undefined : (endpoint.proto ?? 'any'),
        ...outerAttributes(endpoint),
        ...(isGre ? { ikey: endpoint.ikey, okey: endpoint.okey, ...greFlags(endpoint) } : {}),
        ttl: endpoint.ttl,
        encaplimit: endpoint.encaplimit ?? 'none',
        flowlabel: flowlabelOf(endpoint),
        ...encapsulationAttributes(endpoint),
      }),
    parse: (found) =>
      compact({
        proto: isGre ? undefined : textAttribute(found.proto),
        ikey: keyAttribute(found.ikey),
        okey: keyAttribute(found.okey),
        ...flagAttributes(found, GRE_FLAGS),
        ...parseOuter(found),
        ...parseIp6(found),
        ...parseEncapsulation(found.encap),
      }),
    isChangeable: (attribute, between) => CHANGEABLE.has(attribute) || (ONLY_EXCHANGED.has(attribute) && isExchanged(attribute, between)),
    addArguments: words,
    changeArguments: (from, to) => [
      [...words(to), ...noWords(from, to, ['ikey', 'okey', ...GRE_FLAGS]), ...zeroWords(from, to, ['tos', 'flowlabel', 'fwmark'])],
    ],
  };
}

/** Flags of `ip6_tnl_parm2` come under their own names in JSON, in place of the value. */
function parseIp6(found: InfoData) {
  return {
    ttl: ttlAttribute(found.ttl),
    tos: found.ip6_tnl_f_use_orig_tclass === true ? 'inherit' : tosAttribute(found.tclass),
    encaplimit: typeof found.encap_limit === 'number' ? found.encap_limit : 'none',
    flowlabel: found.ip6_tnl_f_use_orig_flowlabel === true ? 'inherit' : hexadecimal(Number(found.flowlabel ?? 0)),
  };
}

function flowlabelOf({ flowlabel = 0 }: TunnelOptions): string | undefined {
  return flowlabel === 'inherit' ? flowlabel : hexadecimal(flowlabel);
}

function hexadecimal(value: number): string | undefined {
  return value === 0 ? undefined : `0x${value.toString(16)}`;
}

function words(attributes: Attributes): readonly string[] {
  return [
    ...(attributes.proto === undefined ? [] : ['mode', String(attributes.proto)]),
    ...valueWords(attributes, VALUES),
    ...flagWords(attributes, GRE_FLAGS),
    ...encapsulationWords(attributes),
  ];
}

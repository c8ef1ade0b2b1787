import { familyOf } from '../domain/address.ts';
import type { Attributes } from '../domain/observed.ts';
import {
  addressAttribute,
  compact,
  flag,
  flagAttributes,
  flagWords,
  isExchanged,
  outerAttributes,
  textAttribute,
  tosAttribute,
  valueWords,
  zeroWords,
} from './attribute-words.ts';
import { tosField, ttlField } from './fields.ts';
import type { InfoData, JsonSchema, Mode, Weighed } from './mode.ts';
import { ETHERNET_HEADER_BYTES, ipHeaderBytes, LEAST_MTU_BYTES, mostMtuBytes } from './sizes.ts';

/** UDP and VXLAN header (RFC 7348 section 5), bytes. */
const UDP_VXLAN_BYTES = 8 + 8;
/** IANA's; the kernel's own default is 8472 (drivers/net/vxlan). */
const PORT = 4789;

/** Read by the kernel only when the device is made (vxlan_nl2conf), so a change may not even repeat them. */
const FIXED_VALUES = ['dstport', 'srcport', 'maxaddress'] as const;
const FIXED_FLAGS = [
  'proxy',
  'rsc',
  'l2miss',
  'l3miss',
  'noudpcsum',
  'udp6zerocsumtx',
  'udp6zerocsumrx',
  'remcsumtx',
  'remcsumrx',
  'gbp',
  'gpe',
] as const;
const VALUES = ['local', 'remote', 'group', 'dev', 'tos', 'df', 'flowlabel', 'ageing'] as const;
const CHANGEABLE: ReadonlySet<string> = new Set(['tos', 'df', 'flowlabel', 'ageing', 'nolearning']);
const KERNEL_AGEING_SECONDS = 300;

const SCHEMA: JsonSchema = {
  vni: {
    description: 'VXLAN network identifier, the same at both ends. A host has one device for a vni and port.',
    type: 'integer',
    minimum: 0,
    maximum: 0xffffff,
  },
  port: { description: 'UDP port both ends receive on.', type: 'integer', minimum: 1, maximum: 65535, default: PORT },
  ...ttlField,
  ...tosField,
};

const overheadBytes = ({ remote }: Weighed) => ipHeaderBytes(remote) + UDP_VXLAN_BYTES + ETHERNET_HEADER_BYTES;

/** Ethernet in UDP, between two ends (RFC 7348; drivers/net/vxlan). Outer packets are IPv4 or IPv6. */
export const vxlan: Mode = {
  name: 'vxlan',
  kind: 'vxlan',
  underlay: [4, 6],
  inner: () => [4, 6],
  isEthernet: true,
  outer: `UDP, port ${PORT} unless «port» says otherwise`,
  protocols: ({ port = PORT }) => [{ protocol: 17, port }],
  modules: ['vxlan'],
  fallbackDevices: [],
  hasKey: false,
  toldApartBy: ['vni', 'port'],
  tunnelSchema: SCHEMA,
  required: ['vni'],
  endpointSchema: {},
  leastMtu: () => LEAST_MTU_BYTES,
  mostMtu: (endpoint) => mostMtuBytes(overheadBytes(endpoint)),
  overheadBytes,
  identity: ({ remote, vni, port = PORT }) => `vxlan ${vni} ${port} ${familyOf(remote)}`,
  attributes: (endpoint) => {
    const { fwmark: _, ...outer } = outerAttributes(endpoint);
    return compact({ id: endpoint.vni, ...outer, dstport: endpoint.port ?? PORT, ttl: endpoint.ttl });
  },
  parse: (found) =>
    compact({
      id: Number(found.id),
      local: addressAttribute(found.local ?? found.local6),
      remote: addressAttribute(found.remote ?? found.remote6),
      group: addressAttribute(found.group ?? found.group6),
      dev: textAttribute(found.link),
      dstport: Number(found.port),
      ttl: ttlOf(found),
      tos: tosAttribute(found.tos),
      df: found.df === 'unset' ? undefined : textAttribute(found.df),
      flowlabel: textAttribute(found.label),
      ageing: found.ageing === KERNEL_AGEING_SECONDS ? undefined : Number(found.ageing),
      nolearning: flag(found.learning === false),
      srcport: sourcePorts(found.port_range),
      maxaddress: typeof found.limit === 'number' && found.limit > 0 ? found.limit : undefined,
      ...flagAttributes(found, FIXED_FLAGS),
      noudpcsum: flag(found.udp_csum === false),
      udp6zerocsumtx: flag(found.udp_zero_csum6_tx),
      udp6zerocsumrx: flag(found.udp_zero_csum6_rx),
      remcsumtx: flag(found.remcsum_tx),
      remcsumrx: flag(found.remcsum_rx),
    }),
  isChangeable: (attribute, between) => CHANGEABLE.has(attribute) || isExchangeable(attribute, between),
  addArguments: (attributes) => [
    ...words(attributes),
    ...(attributes.ttl === 'inherit' ? ['ttl', 'inherit'] : []),
    ...FIXED_VALUES.flatMap((name) => (attributes[name] === undefined ? [] : [name, ...String(attributes[name]).split(' ')])),
    ...flagWords(attributes, FIXED_FLAGS),
  ],
  changeArguments: (from, to) => [
    [
      ...words(to),
      ...zeroWords(from, to, ['tos', 'flowlabel']),
      ...(from.df !== undefined && to.df === undefined ? ['df', 'unset'] : []),
      ...(from.ageing !== undefined && to.ageing === undefined ? ['ageing', String(KERNEL_AGEING_SECONDS)] : []),
    ],
  ],
};

/** `ttl inherit` is a flag of its own that cannot be changed, and a device keeps the family of its remote. */
function isExchangeable(name: string, between: { readonly from: Attributes; readonly to: Attributes }): boolean {
  if (name === 'ttl') return between.from.ttl !== 'inherit' && between.to.ttl !== 'inherit';
  if (name === 'dev') return isExchanged(name, between);
  const [from, to] = [between.from[name], between.to[name]];
  if ((name !== 'local' && name !== 'remote') || typeof from !== 'string' || typeof to !== 'string') return false;
  return familyOf(from) === familyOf(to);
}

function words(attributes: Attributes): readonly string[] {
  return [
    'id',
    String(attributes.id),
    ...valueWords(attributes, VALUES),
    ...(attributes.ttl === 'inherit' ? [] : ['ttl', String(attributes.ttl)]),
    attributes.nolearning === true ? 'nolearning' : 'learning',
  ];
}

/** 0 is the kernel's own choice, which iproute2 calls `auto`; where the inner one is copied, none is printed. */
function ttlOf({ ttl }: InfoData): number | string {
  if (typeof ttl !== 'number') return 'inherit';
  return ttl === 0 ? 'auto' : ttl;
}

function sourcePorts(range: unknown): string | undefined {
  const { low, high } = (range ?? {}) as InfoData;
  return typeof low !== 'number' || low === 0 ? undefined : `${low} ${Number(high)}`;
}

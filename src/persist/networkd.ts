import { familyOf } from '../domain/address.ts';
import type { Endpoint } from '../domain/endpoint.ts';
import { PERSIST_PLACES } from '../domain/persistence.ts';
import { optionsOf } from '../domain/tunnel.ts';
import { modeOf } from '../modes/index.ts';
import { LEAST_IPV6_MTU_BYTES } from '../modes/sizes.ts';
import type { BackEnd, PersistedEnd, PersistedRoute } from './back-end.ts';
import { ownText } from './header.ts';
import { BORN_AT_BOOT, markRule } from './mark.ts';
import { inWords, named, numberOr, oneOf, typeOfService, type Vocabulary, type Words, wordlessFields } from './vocabulary.ts';

/**
 * systemd-networkd: a link (systemd.netdev(5)) with its addresses and routes (systemd.network(5)).
 *
 * It is not told of new files: it reads them at the next boot. A link that is there by then, or that a later run makes, has not
 * the property its file asks for, and stays unmanaged whenever networkd reads its files again.
 */
export const networkd: BackEnd = {
  name: 'networkd',
  places: [PERSIST_PLACES.network, PERSIST_PLACES.netdev],
  needs: ['udev'],
  inexpressible: (endpoint) => wordlessFields(NETDEV_WORDS, endpoint),
  files: (end) => [
    markRule(end),
    ownText(end.endpoint, { place: PERSIST_PLACES.network, lines: networkLines(end) }),
    ownText(end.endpoint, { place: PERSIST_PLACES.netdev, lines: netdevLines(end.endpoint) }),
  ],
};

const OUTER: Words = { local: named('Local'), remote: named('Remote') };
const KEYS: Words = { ikey: named('InputKey'), okey: named('OutputKey') };
const TTL: Words = { ttl: numberOr('TTL', '0') };
const TOS: Words = { tos: typeOfService('TOS') };
const PMTUDISC: Words = { pmtudisc: oneOf({ true: ['DiscoverPathMTU=yes'], false: ['DiscoverPathMTU=no'] }) };
/** Said for both directions at once. */
const SEQ: Words = { iseq: oneOf({ true: ['SerializeTunneledPackets=yes'] }), oseq: oneOf({ true: [] }) };
/** Only that there is none reaches every kind (src/network/netdev/tunnel.c). */
const ENCAPLIMIT: Words = { encaplimit: oneOf({ none: ['EncapsulationLimit=none'] }) };

const GRE: Words = { ...OUTER, ...KEYS, ...TTL, ...TOS, ...PMTUDISC, ...SEQ };
const IP6: Words = { ...OUTER, ...TTL, ...ENCAPLIMIT };
const SIT: Words = { ...OUTER, ...TTL, ...TOS, ...PMTUDISC, proto: oneOf({ ip6ip: [] }) };
const VTI: Words = { ...OUTER, ...KEYS };

/** What systemd 252 has words for: neither checksums nor marks, and no link to be bound to but from that link's own file. */
const NETDEV_WORDS: Vocabulary = {
  gre: GRE,
  gretap: GRE,
  ipip: { ...SIT, proto: oneOf({ ipip: [] }) },
  sit: SIT,
  isatap: { ...SIT, isatap: oneOf({ true: ['ISATAP=yes'] }) },
  vti: VTI,
  ip6gre: { ...IP6, ...KEYS },
  ip6gretap: { ...IP6, ...KEYS },
  ip6tnl: { ...IP6, proto: oneOf({ any: ['Mode=any'], ipip6: ['Mode=ipip6'], ip6ip6: ['Mode=ip6ip6'] }) },
  vti6: VTI,
  vxlan: { ...OUTER, ...TOS, id: named('VNI'), dstport: named('DestinationPort'), ttl: named('TTL') },
};

/** The link. Left to itself networkd leaves out the checksums of vxlan, which the kernel and `ip` have. */
function netdevLines(endpoint: Endpoint): readonly string[] {
  const { device, mode } = endpoint;
  return ['[NetDev]', `Name=${device}`, `Kind=${modeOf(mode).kind}`, ...netdevSettings(endpoint)];
}

/** The same without its name and kind. */
export function netdevSettings(endpoint: Endpoint): readonly string[] {
  const section = endpoint.mode === 'vxlan' ? ['[VXLAN]', 'Independent=yes', 'UDPChecksum=yes'] : ['[Tunnel]', 'Independent=yes'];
  return [`MTUBytes=${endpoint.mtuBytes}`, '', ...section, ...inWords(NETDEV_WORDS, endpoint)];
}

function networkLines({ endpoint, routes }: PersistedEnd): readonly string[] {
  return ['[Match]', `Name=${endpoint.device}`, ...networkSettings({ endpoint, routes })];
}

/** Its addresses and routes, where networkd made it; who waits for the network does not wait for it. */
export function networkSettings({ endpoint, routes }: Pick<PersistedEnd, 'endpoint' | 'routes'>): readonly string[] {
  const { name, value } = BORN_AT_BOOT;
  return [
    `Property=${name}=${value}`,
    '',
    '[Link]',
    'RequiredForOnline=no',
    '',
    '[Network]',
    `LinkLocalAddressing=${hasIpv6(endpoint) ? 'ipv6' : 'no'}`,
    'IPv6AcceptRA=no',
    'ConfigureWithoutCarrier=yes',
    ...endpoint.addresses.flatMap(addressLines),
    ...routes.flatMap(routeLines),
  ];
}

/** As the kernel decides it: by what is carried, and by the least MTU of IPv6. */
function hasIpv6(endpoint: Endpoint): boolean {
  return modeOf(endpoint.mode).inner(optionsOf(endpoint)).includes(6) && endpoint.mtuBytes >= LEAST_IPV6_MTU_BYTES;
}

/** Without a broadcast address, which `ip` does not give either. */
function addressLines({ address, length, peer, nodad }: Endpoint['addresses'][number]): readonly string[] {
  return [
    '',
    '[Address]',
    `Address=${address}/${length}`,
    ...(peer === undefined ? [] : [`Peer=${peer}/${length}`]),
    ...(familyOf(address) === 4 ? ['Broadcast=no'] : []),
    ...(nodad === true ? ['DuplicateAddressDetection=none'] : []),
  ];
}

function routeLines({ to, table, metric, protocol }: PersistedRoute): readonly string[] {
  const scope = familyOf(to) === 4 ? ['Scope=link'] : [];
  return ['', '[Route]', `Destination=${to}`, `Table=${table}`, `Metric=${metric}`, `Protocol=${protocol}`, ...scope];
}

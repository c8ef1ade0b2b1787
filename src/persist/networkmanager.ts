import type { Endpoint } from '../domain/endpoint.ts';
import { PERSIST_PLACES, type StoredFile } from '../domain/persistence.ts';
import { quote, quoteAll } from '../shell/quote.ts';
import type { BackEnd, PersistedEnd } from './back-end.ts';
import { ownScript, ownText } from './header.ts';
import { markRule } from './mark.ts';
import { inWords, named, numberOr, oneOf, typeOfService, type Vocabulary, type Words, wordlessFields } from './vocabulary.ts';

/**
 * NetworkManager: a connection that makes the link (nm-settings-keyfile(5)), and a script of its dispatcher that gives it what a
 * connection has no words for: the address of the peer, and routes with our mark (NetworkManager-dispatcher(8)).
 *
 * Told to read its connections again, it leaves a link alone that it did not make: it calls that external, or unmanaged where
 * the rule of udev was there before the link.
 */
export const networkmanager: BackEnd = {
  name: 'networkmanager',
  places: [PERSIST_PLACES.dispatcher, PERSIST_PLACES.connection],
  needs: ['udev', 'dispatcher'],
  inexpressible: (endpoint) => wordlessFields(WORDS, endpoint),
  files: (end) => [
    markRule(end),
    dispatcherScript(end),
    ownText(end.endpoint, { place: PERSIST_PLACES.connection, mode: '600', lines: connectionLines(end.endpoint) }),
  ],
  reload: ['nmcli', 'connection', 'reload'],
};

const OUTER: Words = { local: named('local'), remote: named('remote'), tos: typeOfService('tos') };
const TTL: Words = { ttl: numberOr('ttl', '0') };
const KEYS: Words = { ikey: named('input-key'), okey: named('output-key') };
const PMTUDISC: Words = { pmtudisc: named('path-mtu-discovery') };
/** `NM_IP_TUNNEL_FLAG_IP6_IGN_ENCAP_LIMIT`. */
const ENCAPLIMIT: Words = { encaplimit: oneOf({ none: ['flags=1'] }) };

const GRE: Words = { ...OUTER, ...TTL, ...PMTUDISC, ...KEYS };
const SIT: Words = { ...OUTER, ...TTL, ...PMTUDISC, proto: oneOf({ ip6ip: [] }) };

/**
 * What NetworkManager 1.42 has words for: no checksums, sequence numbers and marks, and keys only of GRE.
 *
 * It makes no isatap, though it has a number for it, and refuses to say of GRE over IPv6 that there is no encapsulation limit.
 */
const WORDS: Vocabulary = {
  ipip: { ...SIT, proto: oneOf({ ipip: [] }) },
  gre: GRE,
  sit: SIT,
  vti: OUTER,
  ip6tnl: { local: named('local'), remote: named('remote'), ...TTL, ...ENCAPLIMIT, proto: oneOf({ ip6ip6: [], ipip6: [] }) },
  vti6: OUTER,
  gretap: GRE,
  vxlan: { ...OUTER, id: named('id'), dstport: named('destination-port'), ttl: (value) => (value === 'inherit' ? undefined : [`ttl=${value}`]) },
};

/** `NMIPTunnelMode`, by mode and what it carries. */
const NUMBERS: Readonly<Record<string, number>> = {
  ipip: 1,
  gre: 2,
  sit: 3,
  vti: 5,
  'ip6tnl ip6ip6': 6,
  'ip6tnl ipip6': 7,
  vti6: 9,
  gretap: 10,
};

/** Left out, `uuid` follows from the name of the file. Addresses are not its business. */
function connectionLines(endpoint: Endpoint): readonly string[] {
  const { tunnel, device, mode, mtuBytes, proto } = endpoint;
  const number = NUMBERS[mode] ?? NUMBERS[`${mode} ${proto}`];
  const type = number === undefined ? mode : 'ip-tunnel';
  return [
    '[connection]',
    `id=tunorch ${tunnel}`,
    `type=${type}`,
    `interface-name=${device}`,
    '',
    `[${type}]`,
    ...(number === undefined ? [] : [`mode=${number}`, `mtu=${mtuBytes}`]),
    ...inWords(WORDS, endpoint),
    '',
    '[ipv4]',
    'method=disabled',
    '',
    '[ipv6]',
    'method=ignore',
  ];
}

/** Also the MTU: NetworkManager sets it late, and that of a vxlan not at all. */
function dispatcherScript({ endpoint, innerCommands }: PersistedEnd): StoredFile {
  const { device, mtuBytes } = endpoint;
  const commands = [['link', 'set', 'dev', device, 'mtu', String(mtuBytes)], ...innerCommands];
  return ownScript(endpoint, PERSIST_PLACES.dispatcher, [
    `[ "$1 $2" = ${quote(`${device} up`)} ] || exit 0`,
    ...commands.map((words) => quoteAll(['ip', ...words])),
  ]);
}

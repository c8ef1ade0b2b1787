type Json = Readonly<Record<string, unknown>>;
type Entry = Record<string, unknown>;

/**
 * What `ip -d address show` prints as text, in the form `ip -d -j` prints it (iproute2 before 4.14 has no `-j`).
 *
 * Only what parsers of the JSON form read is there. A link begins at the line's start, all that belongs to it is indented.
 */
export function linksOfText(text: string): readonly Json[] {
  return text
    .split(/^(?=\d+: )/m)
    .filter((block) => /^\d+: /.test(block))
    .map(linkOfText);
}

function linkOfText(block: string): Json {
  const [header = '', ...lines] = block.split('\n');
  const [, name = '', link, flags = '', rest = ''] = /^\d+: ([^@:\s]+)(?:@([^:\s]+))?: <([^>]*)> (.*)$/.exec(header) ?? [];
  if (name === '') throw new Error(`a link in «${header}»`);
  const { mtu, group, qlen, master } = pairs(rest.split(' '));
  const details = lines.findIndex((line) => line.startsWith('    link/')) + 1;
  const info = /^ {4}(?!inet|alias)(\w+)(?: (.*))?$/.exec(lines[details] ?? '');
  const alias = lines.find((line) => line.startsWith('    alias '))?.slice('    alias '.length);
  const [, linkType, address] = /^ {4}link\/(\S+) (\S+)/.exec(lines[details - 1] ?? '') ?? [];
  return {
    ifname: name,
    ...(link === undefined || link === 'NONE' ? {} : { link }),
    flags: flags.split(','),
    mtu: Number(mtu),
    ...(group === undefined ? {} : { group }),
    ...(qlen === undefined ? {} : { txqlen: Number(qlen) }),
    ...(master === undefined ? {} : { master }),
    ...(linkType === undefined ? {} : { link_type: linkType, address }),
    ...(alias === undefined ? {} : { ifalias: alias }),
    ...(info === null ? {} : { linkinfo: { info_kind: info[1], info_data: infoDataOf(info[1] ?? '', words(info[2] ?? '')) } }),
    addr_info: lines.flatMap(addressOfText),
  };
}

/** Words that stand alone, as iproute2 names them in JSON. */
const FLAG_WORDS: Readonly<Record<string, readonly [name: string, value: boolean]>> = {
  pmtudisc: ['pmtudisc', true],
  nopmtudisc: ['pmtudisc', false],
  'ignore-df': ['ignore_df', true],
  isatap: ['isatap', true],
  external: ['external', true],
  iseq: ['iseq', true],
  oseq: ['oseq', true],
  icsum: ['icsum', true],
  ocsum: ['ocsum', true],
  nolearning: ['learning', false],
  udpcsum: ['udp_csum', true],
  noudpcsum: ['udp_csum', false],
  udp6zerocsumtx: ['udp_zero_csum6_tx', true],
  noudp6zerocsumtx: ['udp_zero_csum6_tx', false],
  udp6zerocsumrx: ['udp_zero_csum6_rx', true],
  noudp6zerocsumrx: ['udp_zero_csum6_rx', false],
};

const VALUE_WORDS: Readonly<Record<string, (value: string) => Json>> = {
  remote: (remote) => ({ remote }),
  local: (local) => ({ local }),
  dev: (link) => ({ link }),
  ttl: (ttl) => ({ ttl: Number(ttl) || 0 }),
  hoplimit: (ttl) => ({ ttl: Number(ttl) || 0 }),
  tos: (tos) => ({ tos: tos === 'inherit' ? '0x1' : tos }),
  ikey: (ikey) => ({ ikey }),
  okey: (okey) => ({ okey }),
  fwmark: (fwmark) => ({ fwmark }),
  encaplimit: (limit) => (limit === 'none' ? { ip6_tnl_f_ign_encap_limit: true } : { encap_limit: Number(limit) }),
  tclass: (tclass) => ({ tclass }),
  flowlabel: (flowlabel) => ({ flowlabel }),
  id: (id) => ({ id: Number(id) }),
  dstport: (port) => ({ port: Number(port) }),
  ageing: (ageing) => ({ ageing: Number(ageing) }),
};

const WITH_PROTO = new Set(['ipip', 'sit', 'ip6tnl']);
/** They print `nopmtudisc` and nothing for the other. */
const WITHOUT_PMTUDISC_WORD = new Set(['gre', 'gretap', 'erspan']);

/** vxlan over IPv6 has names of its own for its ends. */
function infoDataOf(kind: string, found: readonly string[]): Json {
  const data = wordsOf(kind, found);
  const { local, remote, ...rest } = data;
  const isIpv6 = [local, remote].some((address) => typeof address === 'string' && address.includes(':'));
  return kind === 'vxlan' && isIpv6 ? { ...rest, local6: local, remote6: remote } : data;
}

function wordsOf(kind: string, found: readonly string[]): Json {
  const data: Entry = {
    ...(WITH_PROTO.has(kind) ? { proto: found[0] } : {}),
    ...(WITHOUT_PMTUDISC_WORD.has(kind) ? { pmtudisc: true } : {}),
    ...(kind === 'vxlan' ? { learning: true } : {}),
  };
  for (let at = 0; at < found.length; at++) {
    const word = found[at] ?? '';
    const flag = FLAG_WORDS[word];
    if (flag !== undefined) data[flag[0]] = flag[1];
    else if (word === 'encap') data.encap = encapOf(found.slice(at + 1));
    else Object.assign(data, VALUE_WORDS[word]?.(found[at + 1] ?? ''));
  }
  return data;
}

function encapOf(found: readonly string[]): Json {
  const { 'encap-sport': sport = '0', 'encap-dport': dport = '0' } = pairs(found.slice(1));
  const has = (word: string) => found.includes(word);
  return {
    type: found[0],
    sport: Number(sport) || 0,
    dport: Number(dport),
    csum: has('encap-csum'),
    csum6: has('encap-csum6'),
    remcsum: has('encap-remcsum'),
  };
}

/** `inet 10.9.0.1 peer 10.9.0.2/32 scope global gre1`. */
function addressOfText(line: string): readonly Json[] {
  const [, family, first = '', rest = ''] = /^ {4}(inet6?) (\S+) ?(.*)$/.exec(line) ?? [];
  if (family === undefined) return [];
  const found = words(rest);
  const { peer, scope } = pairs(found);
  const [address = '', length] = (peer ?? first).split('/');
  const flags = ['dynamic', 'temporary', 'mngtmpaddr', 'secondary', 'tentative', 'nodad', 'deprecated', 'noprefixroute'];
  return [
    {
      family,
      local: first.split('/')[0],
      ...(peer === undefined ? {} : { address }),
      prefixlen: Number(length ?? (family === 'inet' ? 32 : 128)),
      ...(scope === undefined ? {} : { scope }),
      ...Object.fromEntries(flags.filter((flag) => found.includes(flag)).map((flag) => [flag, true])),
    },
  ];
}

const ROUTE_TYPES = new Set('unicast local broadcast anycast multicast blackhole unreachable prohibit throw nat'.split(' '));
const ROUTE_FLAGS = new Set(['onlink', 'linkdown', 'dead', 'pervasive', 'offload', 'trap', 'rt_offload', 'rt_trap']);
/** Words of a route, as iproute2 names them in JSON; any other keeps its own name, so that the route counts as not restorable. */
const ROUTE_WORDS: Readonly<Record<string, string>> = { via: 'gateway', proto: 'protocol', src: 'prefsrc' };

/** What `ip -d route show table all` or `ip route get` prints as text, in the form `ip -j` prints it. */
export function routesOfText(text: string): readonly Json[] {
  return text
    .split(/\n(?=[\w:])/)
    .filter((block) => /^(?!\d+: )[\w.:/]+ /.test(block))
    .map(routeOfText);
}

function routeOfText(block: string): Json {
  const [first = '', ...lines] = block.split('\n');
  const found = words(first);
  const type = ROUTE_TYPES.has(found[0] ?? '') ? found.shift() : undefined;
  const nexthops = lines.filter((line) => /^\s+nexthop /.test(line)).map((line) => routeWords(words(line).slice(1)));
  return { ...(type === undefined ? {} : { type }), dst: found[0], ...routeWords(found.slice(1)), ...(nexthops.length === 0 ? {} : { nexthops }) };
}

function routeWords(found: readonly string[]): Json {
  const route: Entry = { flags: found.filter((word) => ROUTE_FLAGS.has(word)) };
  const valued = found.filter((word) => !ROUTE_FLAGS.has(word));
  for (let at = 0; at + 1 < valued.length; at += 2) {
    const [name = '', value = ''] = valued.slice(at, at + 2);
    route[ROUTE_WORDS[name] ?? name] = name === 'metric' || name === 'weight' ? Number(value) : value;
  }
  return route;
}

function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}

/** Each word with the one after it. */
function pairs(found: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(found.slice(0, -1).map((word, index) => [word, found[index + 1] ?? '']));
}

import type { Attributes } from '../domain/observed.ts';
import { addressAttribute, compact, flagWords, keyAttribute, tosAttribute, ttlAttribute, valueWords } from './attribute-words.ts';
import { encapsulationWords, parseEncapsulation } from './encapsulation.ts';
import type { Mode } from './mode.ts';

const KEY_SCHEMA = { type: 'integer', minimum: 0, maximum: 4294967295 } as const;

/** Switched on by a bare word, off by the same word with `no` before it (ip-link(8), GRE). */
const FLAGS = ['icsum', 'ocsum', 'iseq', 'oseq'] as const;
const VALUES = ['local', 'remote', 'dev', 'ikey', 'okey', 'ttl', 'tos', 'fwmark'] as const;

const IPV4_HEADER_BYTES = 20;
const GRE_HEADER_BYTES = 4;
const GRE_KEY_BYTES = 4;

/** GRE over IPv4 (RFC 2784, keys RFC 2890; net/ipv4/ip_gre.c). */
export const gre: Mode = {
  name: 'gre',
  underlay: 4,
  inner: [4, 6],
  modules: ['ip_gre'],
  fallbackDevices: ['gre0', 'gretap0', 'erspan0'],
  hasKey: true,
  tunnelSchema: { key: { ...KEY_SCHEMA, description: 'Key of both directions. A packet with another key is dropped in silence.' } },
  endpointSchema: { ikey: { ...KEY_SCHEMA, description: "Key this end expects; it becomes the peer's okey." } },
  changeable: new Set([...VALUES.filter((name) => name !== 'dev'), ...FLAGS]),
  overheadBytes: ({ okey }) => IPV4_HEADER_BYTES + GRE_HEADER_BYTES + (okey === undefined ? 0 : GRE_KEY_BYTES),
  identity: ({ local, remote, ikey, dev }) => `gre ${local} ${remote} ${ikey ?? 'keyless'} ${dev ?? 'any'}`,
  attributes: ({ local, remote, dev, ikey, okey, ttl }) => compact({ local, remote, dev, ikey, okey, ttl, pmtudisc: true }),
  parse: (found) =>
    compact({
      local: addressAttribute(found.local),
      remote: addressAttribute(found.remote),
      dev: typeof found.link === 'string' ? found.link : undefined,
      ikey: keyAttribute(found.ikey),
      okey: keyAttribute(found.okey),
      ttl: ttlAttribute(found.ttl),
      tos: tosAttribute(found.tos),
      fwmark: typeof found.fwmark === 'string' ? found.fwmark : undefined,
      pmtudisc: found.pmtudisc !== false,
      'ignore-df': found.ignore_df === true ? true : undefined,
      ...Object.fromEntries(FLAGS.map((flag) => [flag, found[flag] === true ? true : undefined])),
      ...parseEncapsulation(found.encap),
    }),
  addArguments: words,
  changeArguments: (from, to) => [...words(to), ...switchedOff(from, to)],
};

function words(attributes: Attributes): readonly string[] {
  const discovery = attributes.pmtudisc === false ? ['nopmtudisc', ...flagWords(attributes, ['ignore-df'])] : ['pmtudisc'];
  return [...valueWords(attributes, VALUES), ...discovery, ...flagWords(attributes, FLAGS), ...encapsulationWords(attributes)];
}

function switchedOff(from: Attributes, to: Attributes): readonly string[] {
  const gone = ['ikey', 'okey', ...FLAGS].filter((name) => from[name] !== undefined && to[name] === undefined);
  const tos = from.tos !== undefined && to.tos === undefined ? ['tos', '0'] : [];
  const fwmark = from.fwmark !== undefined && to.fwmark === undefined ? ['fwmark', '0'] : [];
  return [...gone.map((name) => `no${name}`), ...tos, ...fwmark];
}

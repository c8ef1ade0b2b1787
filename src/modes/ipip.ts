import type { Attributes } from '../domain/observed.ts';
import { addressAttribute, compact, tosAttribute, ttlAttribute, valueWords } from './attribute-words.ts';
import { encapsulationWords, parseEncapsulation } from './encapsulation.ts';
import type { Mode } from './mode.ts';

const VALUES = ['mode', 'local', 'remote', 'dev', 'ttl', 'tos', 'fwmark'] as const;
const IPV4_HEADER_BYTES = 20;

/** IPv4 in IPv4 (RFC 2003; net/ipv4/ipip.c). The mode word is always stated, because `ip link` and `ip tunnel` differ in its default. */
export const ipip: Mode = {
  name: 'ipip',
  underlay: 4,
  inner: [4],
  modules: ['ipip'],
  fallbackDevices: ['tunl0'],
  hasKey: false,
  tunnelSchema: {},
  endpointSchema: {},
  changeable: new Set(['local', 'remote', 'ttl', 'mode']),
  overheadBytes: () => IPV4_HEADER_BYTES,
  identity: ({ local, remote, dev }) => `ipip ${local} ${remote} ${dev ?? 'any'}`,
  attributes: ({ local, remote, dev, ttl }) => compact({ mode: 'ipip', local, remote, dev, ttl, pmtudisc: true }),
  parse: (found) =>
    compact({
      mode: typeof found.proto === 'string' ? found.proto : 'ipip',
      local: addressAttribute(found.local),
      remote: addressAttribute(found.remote),
      dev: typeof found.link === 'string' ? found.link : undefined,
      ttl: ttlAttribute(found.ttl),
      tos: tosAttribute(found.tos),
      fwmark: typeof found.fwmark === 'string' ? found.fwmark : undefined,
      pmtudisc: found.pmtudisc !== false,
      ...parseEncapsulation(found.encap),
    }),
  addArguments: words,
  changeArguments: (_from, to) => words(to),
};

function words(attributes: Attributes): readonly string[] {
  return [...valueWords(attributes, VALUES), attributes.pmtudisc === false ? 'nopmtudisc' : 'pmtudisc', ...encapsulationWords(attributes)];
}

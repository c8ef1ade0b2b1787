import { type Match, protocolNumber, type Rule, type Verdict } from './ruleset.ts';

type Reading = Pick<Rule, 'matches' | 'verdict'>;

/** What the words of one nft rule ask and say; a verdict map makes several. What is not known becomes an `unknown` match, never nothing. */
export function matchWords(text: string): readonly Reading[] {
  const words = text.match(/"[^"]*"|\{[^}]*\}|\S+/g) ?? [];
  const matches: Match[] = [];
  for (let at = 0; at < words.length; ) {
    const rest = words.slice(at);
    const verdict = verdictOf(rest);
    if (verdict !== undefined) return [{ matches, verdict }];
    const read = readMatch(rest);
    if (read.map !== undefined) return read.map.map((one) => ({ matches: [...matches, ...one.matches], verdict: one.verdict }));
    matches.push(...read.matches);
    at += read.length;
  }
  return [{ matches, verdict: { kind: 'continue' } }];
}

function verdictOf([word = '', chain = '']: readonly string[]): Verdict | undefined {
  switch (word) {
    case 'accept':
    case 'drop':
    case 'return':
    case 'continue':
    case 'reject':
      return { kind: word };
    case 'jump':
    case 'goto':
      return { kind: word, chain };
    default:
      return undefined;
  }
}

interface Read {
  readonly matches: readonly Match[];
  /** Words it took. */
  readonly length: number;
  readonly map?: readonly Reading[];
}

/** Words that say nothing of the packet, with how many follow them. */
const QUIET: Readonly<Record<string, number>> = { counter: 0, packets: 1, bytes: 1, comment: 1, log: 0, prefix: 1, level: 1, nftrace: 2 };

/** A selector's words, and the match that its values make. */
const SELECTORS: readonly { readonly words: readonly string[]; readonly match: (values: readonly string[]) => Match; readonly also?: Match }[] = [
  { words: ['meta', 'l4proto'], match: (values) => ({ kind: 'protocol', protocols: values.map(protocolNumber) }) },
  {
    words: ['ip', 'protocol'],
    match: (values) => ({ kind: 'protocol', protocols: values.map(protocolNumber) }),
    also: { kind: 'family', family: 4 },
  },
  {
    words: ['ip6', 'nexthdr'],
    match: (values) => ({ kind: 'protocol', protocols: values.map(protocolNumber) }),
    also: { kind: 'family', family: 6 },
  },
  { words: ['meta', 'nfproto'], match: ([value]) => ({ kind: 'family', family: value === 'ipv6' ? 6 : 4 }) },
  { words: ['ip', 'saddr'], match: (addresses) => ({ kind: 'source', addresses }), also: { kind: 'family', family: 4 } },
  { words: ['ip', 'daddr'], match: (addresses) => ({ kind: 'destination', addresses }), also: { kind: 'family', family: 4 } },
  { words: ['ip6', 'saddr'], match: (addresses) => ({ kind: 'source', addresses }), also: { kind: 'family', family: 6 } },
  { words: ['ip6', 'daddr'], match: (addresses) => ({ kind: 'destination', addresses }), also: { kind: 'family', family: 6 } },
  { words: ['ct', 'state'], match: (states) => ({ kind: 'state', states }) },
  { words: ['udp', 'dport'], match: (ports) => ({ kind: 'port', ports }), also: { kind: 'protocol', protocols: [17] } },
  { words: ['icmp', 'type'], match: (types) => ({ kind: 'icmp', types }), also: { kind: 'protocol', protocols: [1] } },
  { words: ['icmpv6', 'type'], match: (types) => ({ kind: 'icmp', types }), also: { kind: 'protocol', protocols: [58] } },
  { words: ['th', 'dport'], match: (ports) => ({ kind: 'port', ports }) },
  ...['iifname', 'iif'].map((word) => ({ words: [word], match: (devices: readonly string[]) => ({ kind: 'in', devices }) as const })),
  ...['oifname', 'oif'].map((word) => ({ words: [word], match: (devices: readonly string[]) => ({ kind: 'out', devices }) as const })),
];

/** First words of selectors that are of one protocol only, whatever else they ask of it. */
const OF_PROTOCOL: Readonly<Record<string, number>> = { tcp: 6, udp: 17, icmp: 1, icmpv6: 58, esp: 50, ah: 51, sctp: 132, gre: 47 };

function readMatch(words: readonly string[]): Read {
  const [first = '', second = ''] = words;
  const quiet = QUIET[first];
  if (quiet !== undefined) return { matches: [], length: 1 + quiet };
  const selector = SELECTORS.find((one) => one.words.every((word, index) => words[index] === word));
  if (selector === undefined) return unknownMatch(first, second);
  const also = selector.also === undefined ? [] : [selector.also];
  const at = selector.words.length;
  if (words[at] === 'vmap') return { matches: [], length: words.length, map: mapOf(words[at + 1] ?? '', selector.match, also) };
  const isNegated = words[at] === '!=';
  const hasOperator = isNegated || words[at] === '==';
  const match = selector.match(valuesOf(words[at + (hasOperator ? 1 : 0)] ?? ''));
  return { matches: [...also, isNegated ? { ...match, isNegated } : match], length: at + (hasOperator ? 2 : 1) };
}

function unknownMatch(first: string, second: string): Read {
  const protocol = OF_PROTOCOL[first];
  const matches: readonly Match[] = protocol === undefined ? [] : [{ kind: 'protocol', protocols: [protocol] }];
  return { matches: [...matches, { kind: 'unknown' }], length: protocol === undefined || second === '' ? 1 : 2 };
}

/** `{ established : accept, invalid : jump bad }`. */
function mapOf(text: string, match: (values: readonly string[]) => Match, also: readonly Match[]): readonly Reading[] {
  return text
    .replace(/^\{|\}$/g, '')
    .split(',')
    .map((pair) => pair.split(' : ').map((part) => part.trim()))
    .map(([key = '', value = '']) => ({ matches: [...also, match([unquoted(key)])], verdict: verdictOf(value.split(' ')) ?? { kind: 'continue' } }));
}

/** One value, several with commas, or a set in braces; a named set keeps its `@`. */
function valuesOf(text: string): readonly string[] {
  return text
    .replace(/^\{|\}$/g, '')
    .split(',')
    .map((value) => unquoted(value.trim()))
    .filter((value) => value !== '');
}

function unquoted(text: string): string {
  return text.replaceAll('"', '');
}

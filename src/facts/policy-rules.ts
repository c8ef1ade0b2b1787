import { bitsOf, type Family, familyOf, type Prefix, parseAddress, parsePrefix } from '../domain/address.ts';
import { MAIN_TABLE } from '../domain/endpoint.ts';
import type { PolicyRule } from '../domain/policy-rule.ts';
import type { Fact } from './fact.ts';

/**
 * Which tables the host's own packets are looked up in, asked only where routes go into tables of their own.
 *
 * As text, which is the same since iproute2 is older than its JSON, and in busybox.
 */
export const policyRules: Fact<readonly PolicyRule[], readonly number[]> = {
  name: 'policy-rules',
  snippet: (tables) => (tables.length === 0 ? ':' : 'ip -4 rule show; echo ipv6; ip -6 rule show; :'),
  parse(section) {
    const [ipv4 = '', ipv6 = ''] = section.split(/^ipv6$/m);
    return [...rulesIn(ipv4, 4), ...rulesIn(ipv6, 6)];
  },
};

/** Packets without a mark that no link has brought in do not meet these, or the rule does not have the last word. */
const NOT_OURS = /\b(fwmark|oif|iif (?!lo\b)|suppress_)/;

function rulesIn(text: string, family: Family): readonly PolicyRule[] {
  return text.split('\n').flatMap((line) => ruleOf(line, family));
}

function ruleOf(line: string, family: Family): readonly PolicyRule[] {
  const [, priority, words = ''] = /^(\d+):\s+(.*)$/.exec(line) ?? [];
  const table = tableOf(/\blookup (\S+)/.exec(words)?.[1]);
  if (priority === undefined || table === undefined || NOT_OURS.test(words)) return [];
  const isNegated = words.startsWith('not ');
  const [from, to] = isNegated ? [] : [SOURCE, DESTINATION].map((selector) => prefixOf(selector.exec(words)?.[1] ?? ''));
  return [{ priority: Number(priority), family, table, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }];
}

const SOURCE = /\bfrom (\S+)/;
const DESTINATION = /\bto (\S+)/;

/** iproute2 prints one host without a length; `all` is no prefix. */
function prefixOf(word: string): Prefix | undefined {
  return parsePrefix(word) ?? (parseAddress(word) === undefined ? undefined : parsePrefix(`${word}/${bitsOf(familyOf(word))}`));
}

function tableOf(word: string | undefined): number | undefined {
  if (word === 'main') return MAIN_TABLE;
  return word !== undefined && /^\d+$/.test(word) ? Number(word) : undefined;
}

import { type Groups, hostsOf } from './ansible/groups.ts';
import { isWide, matcherOf, type PatternTerm, parsePattern } from './pattern-terms.ts';

/**
 * Hosts a whole pattern stands for, as `ansible PATTERN --list-hosts` answers: what is named first, then cut down
 * to `&`, then without `!`.
 */
export function selectHosts(pattern: string, groups: Groups, hosts: readonly string[]): readonly string[] {
  const terms = parsePattern(pattern);
  const matched = (term: PatternTerm) => matchHosts(term, groups, hosts);
  const union = terms.filter(({ sign }) => sign === undefined);
  const named = union.length === 0 ? hostsOf(groups, 'all') : [...new Set(union.flatMap(matched))];
  const kept = terms.filter(({ sign }) => sign === '&').map((term) => new Set(matched(term)));
  const left = terms.filter(({ sign }) => sign === '!').map((term) => new Set(matched(term)));
  return named.filter((host) => kept.every((set) => set.has(host)) && !left.some((set) => set.has(host)));
}

/**
 * Hosts of one term, its sign aside: a host's own name, else groups, else hosts by name (Ansible's `_match_one_pattern`).
 *
 * As in Ansible, a host of several groups that match is counted several times for a subscript.
 */
export function matchHosts({ text, sign, expression, subscript }: PatternTerm, groups: Groups, hosts: readonly string[]): readonly string[] {
  if (sign === undefined && hosts.includes(text)) return [text];
  const matcher = matcherOf(expression);
  if (matcher === undefined) return [];
  const inGroups = [...groups.keys()].filter(matcher).flatMap((name) => hostsOf(groups, name));
  const byName = !hasGroup(expression, groups) || isWide(expression) ? hosts.filter(matcher) : [];
  const matched = [...inGroups, ...byName];
  if (subscript === undefined) return [...new Set(matched)];
  const [first, last] = [fromEnd(subscript.first, matched.length), fromEnd(subscript.last, matched.length)];
  return [...new Set(matched.slice(Math.max(first, 0), first < 0 ? 0 : last + 1))];
}

/** Whether the name of any group matches, be it empty. */
export function hasGroup(expression: string, groups: Groups): boolean {
  const matcher = matcherOf(expression);
  return matcher !== undefined && [...groups.keys()].some(matcher);
}

function fromEnd(position: number, count: number): number {
  return position < 0 ? position + count : position;
}

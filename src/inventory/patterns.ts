import type { Diagnostic } from '../domain/diagnostic.ts';
import type { DesiredState, Tunnel } from '../domain/tunnel.ts';
import type { Groups } from './ansible/groups.ts';
import { didYouMean } from './nearest.ts';
import { hasGroup, matchHosts } from './pattern-hosts.ts';
import { matcherOf, type PatternTerm, parsePattern } from './pattern-terms.ts';
import { type Problem, problem } from './problem.ts';

/** What `-l/--limit` and `-t/--tags` say. */
export interface Selection {
  /** In Ansible's pattern language, over hosts, groups and names of tunnels. */
  readonly limit?: string;
  /** A tunnel with any of them is chosen. */
  readonly tags?: readonly string[];
}

export interface SelectedTunnels {
  /** In the order of the inventory; none when a diagnostic is an error. */
  readonly tunnels: readonly Tunnel[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Chooses tunnels by hosts, names and tags.
 *
 * A tunnel is chosen when one of its hosts, taken together with the tunnel's own name, matches the pattern. It is left
 * out when `!` matches either host or the name: whoever excludes a host wants it left alone.
 */
export function selectTunnels(desired: DesiredState, groups: Groups, selection: Selection): SelectedTunnels {
  const problems: Problem[] = [];
  const byLimit = limitedTunnels(desired, groups, { limit: selection.limit ?? '', report: (found) => problems.push(found) });
  const chosen = byLimit.filter(({ tags }) => selection.tags === undefined || selection.tags.some((tag) => tags.includes(tag)));
  problems.push(...unmatchedTags(desired, selection.tags ?? []));
  if (problems.length === 0 && chosen.length === 0 && desired.tunnels.length > 0) problems.push(NOTHING);
  return problems.length === 0 ? { tunnels: chosen, diagnostics: [] } : { tunnels: [], diagnostics: problems.map(problem) };
}

const NOTHING: Problem = {
  code: 'inventory.nothing-selected',
  message: 'no tunnel is left after --limit and --tags',
  hint: 'Each matches something alone, and nothing together. Leave one out, or widen it.',
};

interface Limit {
  readonly limit: string;
  readonly report: (found: Problem) => void;
}

function limitedTunnels(desired: DesiredState, groups: Groups, { limit, report }: Limit): readonly Tunnel[] {
  if (limit.trim() === '') return desired.tunnels;
  const names = desired.tunnels.map(({ name }) => name);
  const terms = parsePattern(limit).map((term) => resolveTerm(term, { groups, hosts: [...desired.hosts.keys()], names, report }));
  const union = terms.filter(({ sign }) => sign === undefined);
  const intersections = terms.filter(({ sign }) => sign === '&');
  const exclusions = terms.filter(({ sign }) => sign === '!');
  return desired.tunnels.filter(({ name, endpoints }) => {
    const faces = endpoints.map(({ host }) => ({ host, name }));
    const isIn = faces.some(
      (face) => (union.length === 0 || union.some((term) => covers(term, face))) && intersections.every((term) => covers(term, face)),
    );
    return isIn && !exclusions.some((term) => faces.some((face) => covers(term, face)));
  });
}

interface ResolvedTerm {
  readonly sign: PatternTerm['sign'];
  readonly hosts: ReadonlySet<string>;
  readonly names: ReadonlySet<string>;
}

function covers(term: ResolvedTerm, face: { readonly host: string; readonly name: string }): boolean {
  return term.hosts.has(face.host) || term.names.has(face.name);
}

interface Universe {
  readonly groups: Groups;
  readonly hosts: readonly string[];
  readonly names: readonly string[];
  readonly report: (found: Problem) => void;
}

function resolveTerm(term: PatternTerm, { groups, hosts, names, report }: Universe): ResolvedTerm {
  const nothing = { sign: term.sign, hosts: new Set<string>(), names: new Set<string>() };
  const matcher = matcherOf(term.expression);
  if (matcher === undefined) {
    report({ code: 'inventory.pattern-syntax', message: `«${term.text}» is no regular expression`, hint: 'Correct what follows the «~».' });
    return nothing;
  }
  const matched = matchHosts(term, groups, hosts);
  const named = term.subscript === undefined ? names.filter(matcher) : [];
  const isEmptyGroup = term.subscript === undefined && hasGroup(term.expression, groups);
  if (matched.length + named.length === 0 && !isEmptyGroup) report(unmatched(term, [...hosts, ...groups.keys(), ...names]));
  return { sign: term.sign, hosts: new Set(matched), names: new Set(named) };
}

/** Names a hint lists before it only counts. */
const MOST_NAMES = 12;

function unmatched({ text, expression, subscript }: PatternTerm, known: readonly string[]): Problem {
  const names = known.slice(0, MOST_NAMES).join(', ');
  const listing = `Known: ${names}${known.length > MOST_NAMES ? `, and ${known.length - MOST_NAMES} more` : ''}.`;
  const otherwise = subscript === undefined ? listing : 'Numbers count from 0, and from -1 backwards.';
  const message = `--limit: «${text}» matches no host, group or tunnel`;
  return { code: 'inventory.unmatched-pattern', message, hint: didYouMean(expression, new Set(known), otherwise) };
}

function unmatchedTags(desired: DesiredState, tags: readonly string[]): readonly Problem[] {
  const known = new Set(desired.tunnels.flatMap((tunnel) => tunnel.tags));
  const otherwise = known.size === 0 ? 'No tunnel has tags.' : `Known: ${[...known].join(', ')}.`;
  const strange = tags.filter((tag) => !known.has(tag));
  return strange.map((tag) => ({
    code: 'inventory.unmatched-tag',
    message: `--tags: no tunnel has the tag «${tag}»`,
    hint: didYouMean(tag, known, otherwise),
  }));
}

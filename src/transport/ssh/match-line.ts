import { matchesPattern } from './known-hosts.ts';

/** What the criteria of a Match line are held against: ssh_config(5), Match. */
export interface MatchSubject {
  /** As it was typed. */
  readonly originalHost: string;
  /** As HostName has it by now. */
  readonly host: string;
  readonly user: string;
  readonly localUser: string;
  /** Whether the files are read for the second time, which `final`, `canonical` and CanonicalizeHostname ask for. */
  readonly isFinal: boolean;
  /** Whether a command of the user's own configuration, with its tokens, ends with status 0. */
  readonly runs: (command: string) => boolean;
}

export interface MatchResult {
  readonly isMatch: boolean;
  readonly wantsFinal: boolean;
  /** A criterion that only a newer or another OpenSSH knows. */
  readonly unknown?: string;
}

interface Criterion {
  readonly name: string;
  readonly isNegated: boolean;
  readonly argument: string;
}

const WITHOUT_ARGUMENT: ReadonlySet<string> = new Set(['all', 'canonical', 'final']);

/** Judges the criteria of one Match line, left to right; a command runs only where everything before it holds. */
export function judgeMatch(text: string, subject: MatchSubject): MatchResult {
  const criteria = parseCriteria(text);
  const unknown = criteria.find(({ name }) => !WITHOUT_ARGUMENT.has(name) && !(name in ARGUMENT));
  const wantsFinal = criteria.some(({ name }) => name === 'final');
  if (unknown !== undefined) return { isMatch: false, wantsFinal, unknown: unknown.name };
  return { isMatch: criteria.length > 0 && criteria.every((criterion) => holds(criterion, subject) !== criterion.isNegated), wantsFinal };
}

/** Words, `=` between them and double quotes, as misc.c, strdelim, takes them apart. */
function parseCriteria(text: string): readonly Criterion[] {
  const words = [...text.matchAll(/"([^"]*)"|([^\s="]+)/gu)].map(([, quoted, plain]) => quoted ?? plain ?? '');
  const end = words.findIndex((word) => word.startsWith('#'));
  const criteria: Criterion[] = [];
  for (const queue = end < 0 ? words : words.slice(0, end); queue.length > 0; ) {
    const word = (queue.shift() ?? '').toLowerCase();
    const name = word.replace(/^!/u, '');
    criteria.push({ name, isNegated: word.startsWith('!'), argument: WITHOUT_ARGUMENT.has(name) ? '' : (queue.shift() ?? '') });
  }
  return criteria;
}

const ARGUMENT: Readonly<Record<string, (argument: string, subject: MatchSubject) => boolean>> = {
  host: (list, { host }) => matchesList(list.toLowerCase(), host.toLowerCase()),
  originalhost: (list, { originalHost }) => matchesList(list.toLowerCase(), originalHost.toLowerCase()),
  user: (list, { user }) => matchesList(list, user),
  localuser: (list, { localUser }) => matchesList(list, localUser),
  exec: (command, { runs }) => runs(command),
};

function holds({ name, argument }: Criterion, subject: MatchSubject): boolean {
  if (name === 'all') return true;
  return ARGUMENT[name]?.(argument, subject) ?? subject.isFinal;
}

/** `a,b*,!c`: one that is excluded does not match, whatever else does. */
export function matchesList(list: string, text: string): boolean {
  return matchesPatterns(list.split(','), text);
}

export function matchesPatterns(patterns: readonly string[], text: string): boolean {
  if (patterns.some((pattern) => pattern.startsWith('!') && matchesPattern(pattern.slice(1), text))) return false;
  return patterns.some((pattern) => !pattern.startsWith('!') && matchesPattern(pattern, text));
}

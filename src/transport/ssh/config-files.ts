import { readdirSync, readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { isAbsolute, join } from 'node:path';
import { type ConfigLine, parseConfigLines } from './config-lines.ts';
import { hostNameOf } from './expand-tokens.ts';
import { matchesPattern } from './known-hosts.ts';
import { judgeMatch, type MatchSubject, matchesList, matchesPatterns } from './match-line.ts';
import { collectOptions, currentName, isKnownOption, type OptionLine, type OptionValues } from './option-values.ts';

/** OpenSSH's own limit (readconf.c, READCONF_MAX_DEPTH). */
const MAX_INCLUDE_DEPTH = 16;

/** A file of ssh_config, and where its relative Includes are looked up: `~/.ssh` for a user's file, wherever that is. */
export interface ConfigFile {
  readonly path: string;
  readonly includeDir: string;
}

/** What is asked of the files. */
export interface ConfigQuestion {
  /** In their order; files that are not there are left out. */
  readonly files: readonly ConfigFile[];
  readonly host: string;
  /** What the command line says, which comes before every file. */
  readonly given: readonly OptionLine[];
  readonly homeDir: string;
  readonly localUser: string;
  /** Runs the command of a `Match exec`; where it is never to run, it says no. */
  readonly runs: (command: string, options: OptionValues) => boolean;
}

/** What the configuration says about one host. */
export interface ConfigOfHost {
  /** With what was given. */
  readonly lines: readonly OptionLine[];
  /** The first thing that only OpenSSH itself can follow, such as an option that is not known here. */
  readonly beyond?: string;
  /** Whether any line depends on the host: then OpenSSH is asked, where it is installed. */
  readonly isPerHost: boolean;
}

interface Reading {
  readonly question: ConfigQuestion;
  readonly isFinal: boolean;
  /** What Host lines are held against: what was typed, and the second time what HostName made of it. */
  readonly host: string;
  readonly lines: OptionLine[];
  beyond: string | undefined;
  isPerHost: boolean;
  wantsFinal: boolean;
}

/** Where a line stands: in a block that applies to the host or not, in which folder, and how deep in Include. */
interface Place {
  readonly isActive: boolean;
  readonly includeDir: string;
  readonly depth: number;
}

/** Reads ssh_config files for one host, a second time where `Match final` or CanonicalizeHostname ask for it: ssh_config(5). */
export function readConfigFiles(question: ConfigQuestion): ConfigOfHost {
  const first = readAll(question, { lines: [...question.given], host: question.host, isFinal: false });
  const options = collectOptions(first.lines);
  const isCanonical = /^(?:yes|true|always)$/iu.test(options.get('canonicalizehostname')?.[0] ?? '');
  const host = hostNameOf(question.host, options);
  const second =
    first.wantsFinal || isCanonical ? readAll(question, { lines: [...first.lines, { name: 'hostname', value: host }], host, isFinal: true }) : first;
  const beyond = first.beyond ?? second.beyond ?? (isCanonical && needsResolver(host, options) ? 'CanonicalizeHostname' : undefined);
  return { lines: second.lines, isPerHost: first.isPerHost || isCanonical, ...(beyond === undefined ? {} : { beyond }) };
}

function readAll(question: ConfigQuestion, start: Pick<Reading, 'lines' | 'host' | 'isFinal'>): Reading {
  const reading: Reading = { question, ...start, beyond: undefined, isPerHost: false, wantsFinal: false };
  for (const { path, includeDir } of question.files) readOne(path, reading, { isActive: true, includeDir, depth: 0 });
  return reading;
}

/** Canonical names matter where a domain may be added to this one: that takes a resolver. */
function needsResolver(host: string, options: OptionValues): boolean {
  const first = (option: string) => options.get(option)?.[0] ?? '';
  const hasProxy = [first('proxyjump'), first('proxycommand')].some((value) => value !== '' && value.toLowerCase() !== 'none');
  if (isIP(host) !== 0 || (hasProxy && first('canonicalizehostname').toLowerCase() !== 'always')) return false;
  if (!/^(?:none)?$/iu.test(first('canonicalizepermittedcnames'))) return true;
  const dots = host.split('.').length - 1;
  return !/^(?:none)?$/iu.test(first('canonicaldomains')) && dots <= Number(first('canonicalizemaxdots') || 1) && !host.endsWith('.');
}

function readOne(path: string, reading: Reading, place: Place): void {
  const text = readText(path);
  if (text === undefined || place.depth > MAX_INCLUDE_DEPTH) return;
  let isActive = place.isActive;
  for (const line of parseConfigLines(text)) {
    if (line.name === 'host') {
      isActive = place.isActive && matchesPatterns(line.words, reading.host);
      reading.isPerHost ||= line.value !== '*';
    } else if (line.name === 'match') {
      isActive = readMatch(line, reading, place.isActive);
    } else {
      readOption(line, reading, { ...place, isActive });
    }
  }
}

/** A block that cannot apply is still looked at: it may ask for the second reading (readconf.c, match_cfg_line). */
function readMatch({ value }: ConfigLine, reading: Reading, isActive: boolean): boolean {
  const { isMatch, wantsFinal, unknown } = judgeMatch(value, subjectOf(reading, isActive));
  reading.isPerHost ||= value.toLowerCase() !== 'all';
  reading.wantsFinal ||= wantsFinal;
  if (unknown !== undefined) reading.beyond ??= `Match ${value}`;
  return isActive && isMatch;
}

function subjectOf({ question, lines, isFinal }: Reading, isActive: boolean): MatchSubject {
  const options = collectOptions(lines);
  return {
    originalHost: question.host,
    host: hostNameOf(question.host, options),
    user: options.get('user')?.[0] ?? question.localUser,
    localUser: question.localUser,
    isFinal,
    runs: (command) => isActive && question.runs(command, options),
  };
}

function readOption({ name: written, value, words }: ConfigLine, reading: Reading, place: Place): void {
  const name = currentName(written);
  if (name === 'include') {
    for (const file of words.flatMap((word) => included(word, reading.question, place))) readOne(file, reading, { ...place, depth: place.depth + 1 });
  } else if (isKnownOption(name)) {
    if (place.isActive) reading.lines.push({ name, value });
  } else if (!isToBeIgnored(name, reading)) {
    reading.beyond ??= `${written} ${value}`;
  }
}

function isToBeIgnored(name: string, { lines }: Reading): boolean {
  return matchesList((lines.find((line) => line.name === 'ignoreunknown')?.value ?? '').toLowerCase(), name);
}

function included(word: string, { homeDir }: ConfigQuestion, { includeDir }: Place): readonly string[] {
  const path = word.startsWith('~/') ? join(homeDir, word.slice(2)) : isAbsolute(word) ? word : join(includeDir, word);
  return path.split('/').reduce<readonly string[]>((found, part) => found.flatMap((folder) => expandPart(folder, part)), ['']);
}

/** `*` and `?` in one part of a path, in the order of names, as glob(7) gives them. */
function expandPart(folder: string, part: string): readonly string[] {
  if (!/[*?]/u.test(part)) return [part === '' ? folder : `${folder}/${part}`];
  try {
    return readdirSync(folder === '' ? '/' : folder)
      .filter((name) => matchesPattern(part, name) && (part.startsWith('.') || !name.startsWith('.')))
      .sort()
      .map((name) => `${folder}/${name}`);
  } catch {
    return [];
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

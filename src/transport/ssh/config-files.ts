import { readdirSync, readFileSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { type ConfigLine, parseConfigLines } from './config-lines.ts';
import { matchesPattern } from './known-hosts.ts';
import { FOLLOWED, type OptionLine, WITHOUT_EFFECT } from './option-values.ts';

/** OpenSSH's own limit (readconf.c, READCONF_MAX_DEPTH). */
const MAX_INCLUDE_DEPTH = 16;

/** What the configuration files say about one host. */
export interface ConfigOfHost {
  readonly lines: readonly OptionLine[];
  /** The first line that only OpenSSH itself understands, such as `Match`. */
  readonly beyond?: string;
  /** Whether any line depends on the host: then OpenSSH is asked, where it is installed. */
  readonly isPerHost: boolean;
}

interface Reading {
  readonly host: string;
  readonly homeDir: string;
  /** Where a relative Include is looked up. */
  readonly includeDir: string;
  readonly lines: OptionLine[];
  beyond: string | undefined;
  isPerHost: boolean;
}

/** Where a line stands: in a block that applies to the host or not, and how deep in Include. */
interface Place {
  readonly isActive: boolean;
  readonly depth: number;
}

/**
 * Reads ssh_config files for one host: Host, Include and the options tunorch follows.
 *
 * @param paths - in their order; files that are not there are left out
 */
export function readConfigFiles(paths: readonly string[], host: string, homeDir: string): ConfigOfHost {
  const lines: OptionLine[] = [];
  let beyond: string | undefined;
  let isPerHost = false;
  for (const path of paths) {
    const reading: Reading = { host, homeDir, includeDir: dirname(path), lines, beyond: undefined, isPerHost: false };
    readOne(path, reading, { isActive: true, depth: 0 });
    beyond ??= reading.beyond;
    isPerHost ||= reading.isPerHost;
  }
  return { lines, isPerHost, ...(beyond === undefined ? {} : { beyond }) };
}

function readOne(path: string, reading: Reading, place: Place): void {
  const text = readText(path);
  if (text === undefined || place.depth > MAX_INCLUDE_DEPTH) return;
  let isActive = place.isActive;
  for (const line of parseConfigLines(text)) {
    if (line.name === 'host') {
      isActive = place.isActive && matchesHostLine(line.words, reading.host);
      reading.isPerHost ||= line.value !== '*';
    } else if (line.name === 'match') {
      isActive = false;
      reading.beyond ??= `Match ${line.value}`;
    } else {
      readOption(line, reading, { isActive, depth: place.depth });
    }
  }
}

function readOption({ name, value, words }: ConfigLine, reading: Reading, place: Place): void {
  if (name === 'include') {
    for (const file of words.flatMap((word) => included(word, reading))) readOne(file, reading, { ...place, depth: place.depth + 1 });
  } else if (FOLLOWED.has(name)) {
    if (place.isActive) reading.lines.push({ name, value });
  } else if (!WITHOUT_EFFECT.has(name)) {
    reading.beyond ??= `${name} ${value}`;
  }
}

function matchesHostLine(patterns: readonly string[], host: string): boolean {
  if (patterns.some((pattern) => pattern.startsWith('!') && matchesPattern(pattern.slice(1), host))) return false;
  return patterns.some((pattern) => !pattern.startsWith('!') && matchesPattern(pattern, host));
}

function included(word: string, reading: Reading): readonly string[] {
  const path = word.startsWith('~/') ? join(reading.homeDir, word.slice(2)) : isAbsolute(word) ? word : join(reading.includeDir, word);
  return /[*?]/u.test(path) ? expandGlob(path) : [path];
}

/** `*` and `?` in the last part of the path, in the order of names, as glob(7) gives them. */
function expandGlob(path: string): readonly string[] {
  const folder = dirname(path);
  const pattern = path.slice(folder.length + 1);
  try {
    return readdirSync(folder)
      .filter((name) => matchesPattern(pattern, name) && (pattern.startsWith('.') || !name.startsWith('.')))
      .sort()
      .map((name) => join(folder, name));
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

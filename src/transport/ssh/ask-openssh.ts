import { execFile } from 'node:child_process';
import { quoteWords } from '../../domain/strip-control.ts';
import type { OptionLine } from './option-values.ts';

/** One question to `ssh -G`. */
export interface OpenSshQuestion {
  readonly host: string;
  /** Options of higher precedence than any file. */
  readonly options: readonly OptionLine[];
  /** Instead of the user's and the system's files. */
  readonly configFile?: string;
}

/** What OpenSSH answers: its options, that it is not installed, or its words about a configuration it refuses. */
export type OpenSshAnswer =
  | { readonly kind: 'options'; readonly lines: readonly OptionLine[] }
  | { readonly kind: 'not-installed' }
  | { readonly kind: 'refused'; readonly words: string };

const MAX_ANSWER_BYTES = 1024 * 1024;
const TIMEOUT_MS = 10_000;

/**
 * Asks the system's own ssh how it would reach a host, without connecting: `ssh -G`, ssh(1).
 *
 * It costs a process of some 9 ms, follows Host, Match, Include and canonical names, and expands nothing but HostName.
 */
export function askOpenSsh(question: OpenSshQuestion): Promise<OpenSshAnswer> {
  const file = question.configFile === undefined ? [] : ['-F', question.configFile];
  const options = optionWords(question.options);
  const settings = { timeout: TIMEOUT_MS, maxBuffer: MAX_ANSWER_BYTES, encoding: 'utf8' as const };
  return new Promise((resolve) => {
    execFile('ssh', ['-G', ...file, ...options, '--', question.host], settings, (error, stdout, stderr) => {
      if (error === null) resolve({ kind: 'options', lines: parseAnswer(stdout) });
      else if (error.code === 'ENOENT') resolve({ kind: 'not-installed' });
      else resolve({ kind: 'refused', words: quoteWords(stderr === '' ? error.message : stderr) });
    });
  });
}

/** Options as words of ssh(1). */
export function optionWords(options: readonly OptionLine[]): readonly string[] {
  return options.flatMap(({ name, value }) => ['-o', `${name}=${name === 'identityfile' ? quotePath(value) : value}`]);
}

function parseAnswer(text: string): readonly OptionLine[] {
  return text.split('\n').flatMap((line) => {
    const space = line.indexOf(' ');
    return space < 1 ? [] : [{ name: line.slice(0, space), value: line.slice(space + 1).trim() }];
  });
}

/** Values go through ssh's parser of words; a path is one word. */
function quotePath(path: string): string {
  return /[\s#]/u.test(path) && !path.includes('"') ? `"${path}"` : path;
}

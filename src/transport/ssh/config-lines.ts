import type { OptionLine } from './option-values.ts';

/** One line of an ssh_config file. */
export interface ConfigLine extends OptionLine {
  readonly words: readonly string[];
}

/** Their value is the rest of the line as it stands, quotes, blanks and `#` included (readconf.c, parse_command and oProxyJump). */
const RAW: ReadonlySet<string> = new Set(['proxycommand', 'proxyjump', 'localcommand', 'remotecommand', 'match']);

/**
 * Splits ssh_config text into lines: keyword, an optional `=`, and words.
 *
 * The value keeps words apart by one space.
 */
export function parseConfigLines(text: string): readonly ConfigLine[] {
  return text.split('\n').flatMap((raw) => {
    const match = /^\s*"?([A-Za-z0-9]+)"?(?:\s*=\s*|\s+)(\S.*)$/u.exec(raw.trimEnd());
    if (match === null) return [];
    const [, keyword = '', rest = ''] = match;
    const name = keyword.toLowerCase();
    const words = splitWords(rest);
    if (words.length === 0) return [];
    return [{ name, value: RAW.has(name) ? rest : words.join(' '), words }];
  });
}

/**
 * Splits as OpenSSH does (misc.c, argv_split): single and double quotes, a backslash before a quote, a backslash or a blank,
 * and a comment from a word that begins with `#`.
 */
function splitWords(text: string): readonly string[] {
  const words: string[] = [];
  let word: string | undefined;
  for (const [, blanks, escaped, double, single, plain] of text.matchAll(PIECE)) {
    if (word === undefined && plain === '#') break;
    if (blanks === undefined) {
      word = (word ?? '') + (escaped ?? plain ?? withoutEscapes(double ?? single ?? ''));
    } else if (word !== undefined) {
      words.push(word);
      word = undefined;
    }
  }
  return word === undefined ? words : [...words, word];
}

const PIECE = /([ \t]+)|\\(['"\\ ])|"((?:\\["'\\]|[^"])*)"|'((?:\\["'\\]|[^'])*)'|([^"'])/gu;

function withoutEscapes(text: string): string {
  return text.replaceAll(/\\(["'\\])/gu, '$1');
}

import type { OptionLine } from './option-values.ts';

/** One line of an ssh_config file. */
export interface ConfigLine extends OptionLine {
  readonly words: readonly string[];
}

/**
 * Splits ssh_config text into lines: keyword, an optional `=`, and words that may stand in double quotes.
 *
 * The value keeps words apart by one space.
 */
export function parseConfigLines(text: string): readonly ConfigLine[] {
  return text.split('\n').flatMap((raw) => {
    const match = /^\s*([A-Za-z0-9]+)(?:\s*=\s*|\s+)(\S.*)$/u.exec(raw.trimEnd());
    if (match === null) return [];
    const [, keyword = '', rest = ''] = match;
    const words = splitWords(rest);
    return words.length === 0 ? [] : [{ name: keyword.toLowerCase(), value: words.join(' '), words }];
  });
}

function splitWords(text: string): readonly string[] {
  const words: string[] = [];
  for (const [, quoted, plain] of text.matchAll(/"([^"]*)"|([^\s"]+)/gu)) {
    if (plain?.startsWith('#') === true) break;
    words.push(quoted ?? plain ?? '');
  }
  return words;
}

import { stripVTControlCharacters } from 'node:util';

/**
 * C0 but tab and line feed, DEL, C1, the marks that reorder text (Unicode UAX #9) and the invisible
 * separators: what a hostile host could use to paint over a terminal or to make a message read differently.
 */
const UNSAFE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gu;

/** Makes remote text safe to print: escape sequences go as a whole, then every single control character but tab and line feed. */
export function stripControl(text: string): string {
  return stripVTControlCharacters(text).replaceAll('\r\n', '\n').replaceAll(UNSAFE, '');
}

/**
 * The words of a host as one short line for an error message.
 *
 * @param limit - characters kept; the end is kept because that is where programs say what went wrong
 */
export function quoteWords(text: string, limit = 300): string {
  const line = stripControl(text).replaceAll(/\s+/gu, ' ').trim();
  return line.length <= limit ? line : `…${line.slice(line.length - limit)}`;
}

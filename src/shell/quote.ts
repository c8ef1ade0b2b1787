/**
 * One POSIX shell word for any text: the only way a value reaches a shell.
 *
 * Inside single quotes no character is special but the quote itself (POSIX.1-2017 XCU 2.2.2).
 *
 * @throws Error - the text has a NUL, which no shell word can hold
 */
export function quote(text: string): string {
  if (text.includes('\0')) throw new Error('a shell word cannot hold a NUL character');
  return /^[A-Za-z0-9_./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** A whole command from its argv. */
export function quoteAll(argv: readonly string[]): string {
  return argv.map(quote).join(' ');
}

/**
 * One line for `ip -batch` from its words.
 *
 * The batch reader of iproute2 splits at blanks and knows quotes, backslash and `#`, which nothing escapes; words that hold any
 * of them never come out of a validated inventory, so they are refused. See {@link isBatchWord} for those of a host.
 *
 * @throws Error - a word holds a character the batch reader could take as syntax
 */
export function batchLine(words: readonly string[]): string {
  const bad = words.find((word) => !isBatchWord(word));
  if (bad !== undefined) throw new Error(`not a word for ip -batch: ${JSON.stringify(bad)}`);
  return words.map((word) => (word === '' ? '""' : word)).join(' ');
}

/** Whether a word means itself in a batch; the name of a device may not, since the kernel allows almost any. */
export function isBatchWord(word: string): boolean {
  return /^[A-Za-z0-9_./:@%+=,;()-]*$/.test(word);
}

import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batchLine, quote, quoteAll } from '../../../src/shell/quote.ts';

/** Everything a shell could take for something, and anything else but NUL. */
const TEXT = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom(...'\'"\\$`!*?[]{}()<>|&;#~ \t\n\r\u0001\u007féa-=%') }),
  fc.constantFrom('', '-n', '--', "'", "''", '$(id)', '\\', 'a\\', '\n', '\r\n', '~root', '*', '!!', '\u2028'),
);
const WITHOUT_NUL = TEXT.filter((text) => !text.includes('\0') && Buffer.from(text).toString() === text);

/** What a real shell makes of the words of a command. */
function wordsOf(shell: string, command: string): readonly string[] {
  const script = `show() { for word; do printf '%s\\0' "$word"; done; }\nshow ${command}\n`;
  const { stdout, stderr } = spawnSync(shell, [], { input: script, env: { LC_ALL: 'C' } });
  expect(stderr.toString()).toBe('');
  return stdout.toString('utf8').split('\0').slice(0, -1);
}

describe('quote', () => {
  it('gives back any text when a shell has read it', () => {
    fc.assert(
      fc.property(fc.array(WITHOUT_NUL, { minLength: 1, maxLength: 40 }), (words) => {
        expect(wordsOf('sh', quoteAll(words))).toEqual(words);
      }),
      { numRuns: 60 },
    );
  });

  it('leaves plain words as they are, so that scripts can be read', () => {
    expect(quoteAll(['ip', 'link', 'set', 'dev', 'gre1', 'alias', 'tunorch:gre1,ip_forward=0'])).toBe(
      'ip link set dev gre1 alias tunorch:gre1,ip_forward=0',
    );
  });

  it('writes an empty word so that it stays a word', () => {
    expect(quote('')).toBe("''");
  });

  it('refuses what no shell word can hold', () => {
    expect(() => quote('a\0b')).toThrow('NUL');
  });
});

describe('a line for ip -batch', () => {
  it('joins words that need no quoting', () => {
    expect(batchLine(['route', 'add', 'fd00::/48', 'dev', 'gre1'])).toBe('route add fd00::/48 dev gre1');
  });

  it.each([['two words'], ['a"b'], ["a'b"], ['a\\b'], ['#'], ['a\nb'], ['$x'], ['ä']])(
    'refuses the word %j, which the batch reader could take for something else',
    (word) => {
      expect(() => batchLine(['link', 'set', word])).toThrow('not a word for ip -batch');
    },
  );
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { quoteWords, stripControl } from '../../../src/domain/strip-control.ts';

test('takes escape sequences away as a whole', () => {
  expect(stripControl('\u001b[31mred\u001b[0m \u001b]0;title\u0007plain')).toBe('red plain');
});

test('keeps tabs and line feeds, and makes CRLF a line feed', () => {
  expect(stripControl('a\tb\r\nc\n')).toBe('a\tb\nc\n');
});

test('takes away what reorders or hides text', () => {
  expect(stripControl('a\u202eb\u2066c\u200ed\rz')).toBe('abcdz');
});

test('leaves no control character in any text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(stripControl(text)).not.toMatch(/[\0-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/u);
    }),
  );
});

test('quotes words as one short line and keeps its end', () => {
  expect(quoteWords('  one\n\ttwo \u001b[1mthree\u001b[0m ')).toBe('one two three');
  expect(quoteWords(`${'x'.repeat(400)} the reason`, 20)).toBe('…xxxxxxxxx the reason');
});

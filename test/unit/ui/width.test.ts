import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alignLeft, alignRight, oneLine, safeLines, truncate, widthOf, wrap } from '../../../src/ui/width.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 60 }).map((raw) => oneLine(raw));

describe('the width of a text', () => {
  it.each([
    ['gre1', 4],
    ['router-a ⇄ router-b', 19],
    ['東京', 4],
    ['e\u0301', 1],
    ['✓', 1],
    ['👍', 2],
    ['', 0],
  ])('of %j is %i', (given, cells) => {
    expect(widthOf(given)).toBe(cells);
  });

  it('is what was asked for after aligning, whatever the text', () => {
    fc.assert(
      fc.property(text, fc.nat(40), (given, width) => {
        expect(widthOf(alignLeft(given, width))).toBe(width);
        expect(widthOf(alignRight(given, width))).toBe(width);
        expect(widthOf(truncate(given, width))).toBeLessThanOrEqual(width);
      }),
    );
  });

  it('is never more than a line has after wrapping, and no word is lost', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 2, max: 30 }), (given, width) => {
        const lines = wrap(given, width);
        for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(width);
        expect(lines.join('').replaceAll(' ', '')).toBe(given.replaceAll(' ', ''));
      }),
    );
  });
});

describe('text from elsewhere', () => {
  it('becomes one line without anything that moves a cursor', () => {
    expect(oneLine('a\u001b[31mb\r\n\tc\u0007')).toBe('ab c');
  });

  it('keeps its lines where they are wanted', () => {
    expect(safeLines('one\n\u001b[2Jtwo\n\n')).toEqual(['one', 'two']);
  });
});

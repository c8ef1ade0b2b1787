import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lineText, positionOf, sourceOf } from '../../../src/inventory/source.ts';

describe('positionOf', () => {
  it('agrees with splitting the text into lines, for every offset', () => {
    const text = fc.array(fc.constantFrom('a', 'bc', '\n', '\r\n', '\t')).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(text, (whole) => {
        const source = sourceOf({ path: 'x', text: whole });
        for (let offset = 0; offset <= whole.length; offset += 1) {
          const before = whole.slice(0, offset).split('\n');
          expect(positionOf(source, offset)).toEqual({ line: before.length, column: (before.at(-1) ?? '').length + 1 });
        }
        expect(source.lineStarts.map((_start, index) => lineText(source, index + 1))).toEqual(whole.split(/\r?\n/));
      }),
    );
  });
});

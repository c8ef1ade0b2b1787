import { stripControl } from '../domain/strip-control.ts';

const ASCII = /^[\u0020-\u007e]*$/;
const ZERO_WIDTH = /^[\p{Mn}\p{Me}\p{Cf}]+$/u;
/** East Asian Wide and Fullwidth blocks (Unicode UAX #11) and emoji that terminals draw two cells wide. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Cells a terminal uses for a text without control characters. */
export function widthOf(text: string): number {
  if (ASCII.test(text)) return text.length;
  let cells = 0;
  for (const { segment } of graphemes.segment(text)) cells += cellsOf(segment);
  return cells;
}

function cellsOf(grapheme: string): number {
  if (ZERO_WIDTH.test(grapheme)) return 0;
  return WIDE.test(grapheme) ? 2 : 1;
}

/** The text in at most `width` cells; a cut is shown by `…`. */
export function truncate(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  if (width < 1) return '';
  let kept = '';
  let cells = 0;
  for (const { segment } of graphemes.segment(text)) {
    cells += cellsOf(segment);
    if (cells > width - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}

/** Exactly `width` cells, text to the left. */
export function alignLeft(text: string, width: number): string {
  const cut = truncate(text, width);
  return cut + ' '.repeat(Math.max(0, width - widthOf(cut)));
}

/** Exactly `width` cells, text to the right, as numbers stand in a column. */
export function alignRight(text: string, width: number): string {
  const cut = truncate(text, width);
  return ' '.repeat(Math.max(0, width - widthOf(cut))) + cut;
}

/** Breaks at spaces, within a word only where it is wider than a whole line. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').flatMap((long) => chop(long, width))) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (widthOf(longer) <= width) {
      line = longer;
      continue;
    }
    lines.push(line.trimEnd());
    line = word;
  }
  return [...lines, line.trimEnd()];
}

/** Puts parts into rows of at most `width` cells with `gap` cells between them; a part is never broken, even where it is wider. */
export function inRows<Part extends { readonly text: string }>(parts: readonly Part[], width: number, gap: number): readonly (readonly Part[])[] {
  const rows: Part[][] = [];
  let used = 0;
  for (const part of parts) {
    const row = rows.at(-1);
    const longer = used + gap + widthOf(part.text.trimEnd());
    if (row !== undefined && longer <= width) row.push(part);
    else rows.push([part]);
    used = row !== undefined && longer <= width ? used + gap + widthOf(part.text) : widthOf(part.text);
  }
  return rows;
}

function chop(word: string, width: number): readonly string[] {
  if (widthOf(word) <= width || width < 1) return [word];
  const pieces = [''];
  for (const { segment } of graphemes.segment(word)) {
    const last = pieces[pieces.length - 1] ?? '';
    if (last !== '' && widthOf(last + segment) > width) pieces.push(segment);
    else pieces[pieces.length - 1] = last + segment;
  }
  return pieces;
}

/** Any text as one line that cannot move the cursor: events carry stripped text, but a screen must not rely on it. */
export function oneLine(text: string): string {
  return ASCII.test(text) ? text : stripControl(text).replaceAll(/\s+/gu, ' ').trim();
}

/** The lines of a text, each safe to print. */
export function safeLines(text: string): readonly string[] {
  return stripControl(text)
    .split('\n')
    .map((line) => line.replaceAll('\t', '  ').trimEnd())
    .filter((line) => line !== '');
}

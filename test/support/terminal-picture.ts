/** Text on a terminal that looks the same from its first cell to its last. */
export interface Run {
  readonly column: number;
  /** Cells it takes. */
  readonly width: number;
  readonly text: string;
  /** Of the palette of 16; left out: the terminal's own. */
  readonly colour?: number;
  readonly isBold: boolean;
  readonly isDim: boolean;
}

const CELL = { width: 8, height: 17 };
const MARGIN = 14;
const FONT = "ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace";
const PAPER = '#16191d';
const INK = '#d5d9dd';

/** The palette of 16, in the order of ECMA-48's 30 to 37 and 90 to 97. */
const PALETTE = ['#3b4252', '#e06c75', '#8fbf6f', '#e0af68', '#6ca6e0', '#c48fd6', '#56b6c2', '#d5d9dd'];

/** A terminal's rows as an SVG by itself: each run stands at its own cell, whatever font the reader has. */
export function pictureOf(rows: readonly (readonly Run[])[], { title, columns }: { readonly title: string; readonly columns: number }): string {
  const [width, height] = [columns * CELL.width + 2 * MARGIN, rows.length * CELL.height + 2 * MARGIN];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="${FONT}" font-size="13">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${width}" height="${height}" rx="8" fill="${PAPER}"/>`,
    ...rows.flatMap((runs, row) => runs.filter(({ text }) => text.trim() !== '').map((run) => runText(run, row))),
    '</svg>\n',
  ].join('\n');
}

/** `textLength` keeps columns straight where a font's cells are wider or narrower, or lack a sign. */
function runText({ column, text, width, colour, isBold, isDim }: Run, row: number): string {
  const start = text.length - text.trimStart().length;
  const shown = text.trim();
  const [x, y] = [MARGIN + (column + start) * CELL.width, MARGIN + row * CELL.height + 13];
  const length = (width - (text.length - shown.length)) * CELL.width;
  const look = [
    `fill="${colour === undefined ? INK : (PALETTE[colour % PALETTE.length] ?? INK)}"`,
    ...(isBold ? ['font-weight="bold"'] : []),
    ...(isDim ? ['opacity="0.6"'] : []),
  ];
  return `<text x="${x}" y="${y}" textLength="${length}" lengthAdjust="spacingAndGlyphs" xml:space="preserve" ${look.join(' ')}>${escaped(shown)}</text>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

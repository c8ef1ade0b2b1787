import type { LineCounter } from 'yaml';

/** One file of the inventory with what is needed to find a line in it. */
export interface Source {
  readonly path: string;
  readonly text: string;
  readonly lines: LineCounter;
}

/** A stretch of a file, by offsets. */
export interface Located {
  readonly source: Source;
  readonly start: number;
  readonly end: number;
}

/** The text of a line, counted from 1, without its line end. */
export function lineText(source: Source, line: number): string {
  const start = source.lines.lineStarts[line - 1] ?? 0;
  const end = source.text.indexOf('\n', start);
  return source.text.slice(start, end === -1 ? undefined : end).replace(/\r$/, '');
}

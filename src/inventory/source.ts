/** One file of the inventory with what is needed to find a line in it. */
export interface Source {
  readonly path: string;
  readonly text: string;
  /** Offset of the first character of each line, ascending. */
  readonly lineStarts: readonly number[];
}

/** A stretch of a file, by offsets. */
export interface Located {
  readonly source: Source;
  readonly start: number;
  readonly end: number;
}

/** Counts the lines itself: the parser's LineCounter loses its order over quoted texts of several lines. */
export function sourceOf({ path, text }: Pick<Source, 'path' | 'text'>): Source {
  const lineStarts = [0];
  for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', end + 1)) lineStarts.push(end + 1);
  return { path, text, lineStarts };
}

/** Line and column of an offset, both counted from 1. */
export function positionOf({ lineStarts }: Source, offset: number): { readonly line: number; readonly column: number } {
  let [from, to] = [0, lineStarts.length];
  while (to - from > 1) {
    const middle = (from + to) >> 1;
    if ((lineStarts[middle] ?? 0) <= offset) from = middle;
    else to = middle;
  }
  return { line: from + 1, column: offset - (lineStarts[from] ?? 0) + 1 };
}

/** The text of a line, counted from 1, without its line end. */
export function lineText({ lineStarts, text }: Source, line: number): string {
  return text.slice(lineStarts[line - 1], lineStarts[line]).replace(/\r?\n$/, '');
}

/** One problem in a file the user wrote. All problems of a run are collected and shown together. */
export interface Diagnostic {
  /** Stable and kebab-case, such as `inventory.unknown-key`; each has a golden case. */
  readonly code: string;
  readonly severity: 'error' | 'warning';
  /** What is wrong, in one sentence. */
  readonly message: string;
  /** What to do now. */
  readonly hint: string;
  readonly place?: Place;
}

/** Where in the user's files; lines and columns count from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The line's text, for the excerpt with a caret under `column`. */
  readonly excerpt: string;
  /** Characters the caret line underlines; at least 1. */
  readonly length: number;
}

import type { Diagnostic, Place } from '../domain/diagnostic.ts';
import type { Code } from './codes.ts';
import { type Located, lineText, positionOf } from './source.ts';

/** What is wrong and what to do now; `severity` is error unless said. */
export interface Problem {
  readonly code: Code;
  readonly message: string;
  readonly hint: string;
  readonly severity?: Diagnostic['severity'];
}

/** Takes each problem as it is found, so that a reader can go on and find the next. */
export type Report = (diagnostic: Diagnostic) => void;

export function problem({ code, message, hint, severity = 'error' }: Problem): Diagnostic {
  return { code, severity, message, hint };
}

/** The problem with the place it was found at. */
export function problemAt(where: Located, found: Problem): Diagnostic {
  return { ...problem(found), place: placeOf(where) };
}

/** `file:line`, to point from one problem's words to another place. */
export function lineOf({ source, start }: Located): string {
  return `${source.path}:${positionOf(source, start).line}`;
}

function placeOf({ source, start, end }: Located): Place {
  const { line, column } = positionOf(source, start);
  const text = lineText(source, line);
  const length = Math.max(1, Math.min(end - start, text.length - column + 1));
  return { file: source.path, line, column, excerpt: maskSecrets(text), length };
}

/**
 * A key that names a password, and all that may be its value: quoted text, or plain text up to a comma or
 * brace in a flow mapping, else up to the end of the line.
 */
const SECRET = /([\w-]*(?:pass|secret)[\w-]*["']?\s*:\s*)("(?:[^"\\]|\\.)*"?|'(?:[^']|'')*'?|(?<=\{.*)[^,}]*|[^#]*)/gi;

/** Overwrites passwords letter by letter, so that the caret under the line stays in its place. */
function maskSecrets(line: string): string {
  return line.replace(SECRET, (whole: string, key: string, value: string) =>
    /^!(env|file|vault)\b/.test(value) ? whole : key + value.replace(/\S(?:.*\S)?/, (secret) => '*'.repeat(secret.length)),
  );
}

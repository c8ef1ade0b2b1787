import { styleText } from 'node:util';
import type { Diagnostic, Place } from '../domain/diagnostic.ts';

/** Whether escape sequences may be written. */
export interface Rendering {
  readonly colour: boolean;
}

/** Characters of a line that are shown; the file may be one line of JSON. */
const EXCERPT_WIDTH = 100;

/** Problems as a compiler prints them: place, code, message, the line with a caret, and what to do. */
export function renderDiagnostics(diagnostics: readonly Diagnostic[], rendering: Rendering): string {
  return diagnostics.map((diagnostic) => renderDiagnostic(diagnostic, rendering)).join('\n');
}

function renderDiagnostic({ code, severity, message, hint, place }: Diagnostic, { colour }: Rendering): string {
  const paint = (style: 'red' | 'yellow' | 'bold' | 'cyan', text: string) => (colour ? styleText(style, text, { validateStream: false }) : text);
  const mark = severity === 'error' ? 'red' : 'yellow';
  const where = place === undefined ? '' : `${place.file}:${place.line}:${place.column}: `;
  const title = `${paint('bold', printable(where))}${paint(mark, severity)} ${code}: ${printable(message)}`;
  const excerpt = place === undefined ? [] : excerptOf(place).map((line, index) => (index === 1 ? paint(mark, line) : line));
  return [title, ...excerpt, `  ${paint('cyan', 'hint:')} ${printable(hint)}`, ''].join('\n');
}

/** The line and the caret line, both cut to what is around the place. */
function excerptOf({ line, column, excerpt, length }: Place): readonly string[] {
  const from = excerpt.length <= EXCERPT_WIDTH ? 0 : Math.max(0, Math.min(column - 1 - EXCERPT_WIDTH / 4, excerpt.length - EXCERPT_WIDTH));
  const shown = printable(excerpt.slice(from, from + EXCERPT_WIDTH));
  const caretAt = column - 1 - from;
  const carets = '^'.repeat(Math.max(1, Math.min(length, shown.length - caretAt)));
  const margin = `  ${line} | `;
  return [`${margin}${shown}`.trimEnd(), `${' '.repeat(margin.length - 2)}| ${' '.repeat(caretAt)}${carets}`];
}

/** One column for each character, and nothing a terminal would act on. */
function printable(text: string): string {
  return text.replace(/\t/g, ' ').replace(/\p{Cc}|\p{Cf}/gu, '\u{FFFD}');
}

import { styleText } from 'node:util';

/** What a piece of text says, not how it looks; every meaning is also in the words beside it. */
export type Tone = 'good' | 'changed' | 'bad' | 'busy' | 'replace' | 'quiet' | 'strong';

/** Gives a finished text its tone. Fit and truncate first: afterwards its length is no longer its width. */
export type Paint = (tone: Tone, text: string) => string;

export const plainPaint: Paint = (_tone, text) => text;

const FORMATS = {
  good: 'green',
  changed: 'yellow',
  bad: 'red',
  busy: 'cyan',
  replace: 'magenta',
  quiet: 'dim',
  strong: 'bold',
} as const satisfies Record<Tone, Parameters<typeof styleText>[0]>;

/** Whether colour is wanted was decided before (`chooseOutput`), so the stream and the environment are not asked again. */
export const colourPaint: Paint = (tone, text) => (text === '' ? '' : styleText(FORMATS[tone], text, { validateStream: false }));

/** How everything is drawn. */
export interface Theme {
  readonly paint: Paint;
  /** Replaces the signs a terminal cannot show; the width stays the same. */
  readonly draw: (line: string) => string;
}

export const keepSigns = (line: string): string => line;

const ASCII_SIGNS: Readonly<Record<string, string>> = {
  '✓': '*',
  '✗': 'x',
  '●': 'o',
  '·': '.',
  '→': '>',
  '⇄': '=',
  '–': '-',
  '…': '~',
  '━': '#',
  '─': '-',
  '│': '|',
  '×': 'x',
  '↑': '^',
  '↓': 'v',
  '▁': '_',
  '▂': '_',
  '▃': '-',
  '▄': '-',
  '▅': '=',
  '▆': '=',
  '▇': '#',
  '█': '#',
};

/** For terminals without these characters: the Linux console, serial lines, other locales than UTF-8. */
export function asciiSigns(line: string): string {
  return line.replaceAll(/[✓✗●·→⇄–…━─│×↑↓▁-█]/gu, (sign) => ASCII_SIGNS[sign] ?? '?').replaceAll(/[\u2800-\u28ff]/gu, 'o');
}

export const PLAIN_THEME: Theme = { paint: plainPaint, draw: keepSigns };

/** How lines for people are made. */
export interface Telling {
  readonly theme: Theme;
  /** Cells a line may have; infinite for logs, which have a line a fact. */
  readonly columns: number;
}

import { type Looking, SORTS, type WatchRow } from './watch-rows.ts';

/** What whoever sits before the screen has chosen. */
export interface Choice extends Looking {
  /** The tunnel the cursor is on; absent: the first. */
  readonly selected?: string;
  /** Its details are shown. */
  readonly isOpen: boolean;
  /** The filter is being typed. */
  readonly isTyping: boolean;
}

export const FIRST_CHOICE: Choice = { sort: 'state', isReversed: false, filter: '', isOpen: false, isTyping: false };

/** A key as Ink tells it. */
export interface Pressed {
  readonly input: string;
  readonly upArrow?: boolean;
  readonly downArrow?: boolean;
  readonly pageUp?: boolean;
  readonly pageDown?: boolean;
  readonly home?: boolean;
  readonly end?: boolean;
  readonly return?: boolean;
  readonly escape?: boolean;
  readonly backspace?: boolean;
  readonly delete?: boolean;
  readonly ctrl?: boolean;
}

/** What a key asks for beyond the screen. */
export type Wish = 'quit' | 'interrupt' | 'doctor';

export interface Answer {
  readonly choice: Choice;
  readonly wish?: Wish;
}

/** The tunnel the cursor is on. */
export function selectedOf({ selected }: Choice, rows: readonly WatchRow[]): WatchRow | undefined {
  return rows.find(({ name }) => name === selected) ?? rows[0];
}

/** @param page - rows that are shown at once */
export function press(choice: Choice, key: Pressed, { rows, page }: { readonly rows: readonly WatchRow[]; readonly page: number }): Answer {
  if (key.ctrl === true && key.input === 'c') return { choice, wish: 'interrupt' };
  if (choice.isTyping) return { choice: typed(choice, key) };
  const step = stepOf(key, page);
  if (step !== undefined) return { choice: moved(choice, rows, step) };
  if (key.return === true) return { choice: { ...choice, isOpen: selectedOf(choice, rows) !== undefined } };
  if (key.escape === true) return { choice: choice.isOpen ? { ...choice, isOpen: false } : { ...choice, filter: '' } };
  return pressedLetter(choice, key.input);
}

function pressedLetter(choice: Choice, letter: string): Answer {
  switch (letter) {
    case 'q':
      return { choice, wish: 'quit' };
    case 'd':
      return { choice: { ...choice, isOpen: true }, wish: 'doctor' };
    case 's':
      return { choice: { ...choice, sort: SORTS[(SORTS.indexOf(choice.sort) + 1) % SORTS.length] ?? 'state' } };
    case 'r':
      return { choice: { ...choice, isReversed: !choice.isReversed } };
    case '/':
      return { choice: { ...choice, isTyping: true, isOpen: false } };
    default:
      return { choice };
  }
}

function typed(choice: Choice, { input, return: isDone, escape: isLeft, backspace, delete: isDelete }: Pressed): Choice {
  if (isDone === true) return { ...choice, isTyping: false };
  if (isLeft === true) return { ...choice, isTyping: false, filter: '' };
  if (backspace === true || isDelete === true) return { ...choice, filter: choice.filter.slice(0, -1) };
  return /^[\x20-\x7e]+$/.test(input) ? { ...choice, filter: (choice.filter + input).slice(0, 64) } : choice;
}

/** How far the cursor goes; undefined where the key does not move it. */
function stepOf({ input, ...key }: Pressed, page: number): number | undefined {
  if (key.upArrow === true || input === 'k') return -1;
  if (key.downArrow === true || input === 'j') return 1;
  if (key.pageUp === true) return -page;
  if (key.pageDown === true) return page;
  if (key.home === true || input === 'g') return Number.NEGATIVE_INFINITY;
  return key.end === true || input === 'G' ? Number.POSITIVE_INFINITY : undefined;
}

function moved(choice: Choice, rows: readonly WatchRow[], step: number): Choice {
  const from = rows.findIndex(({ name }) => name === selectedOf(choice, rows)?.name);
  const row = rows[Math.max(0, Math.min(rows.length - 1, from + step))];
  return row === undefined ? choice : { ...choice, selected: row.name };
}

import { Text } from 'ink';
import { memo } from 'react';
import type { Theme } from '../theme.ts';

export interface LineProps {
  /** Painted and fitted already. */
  readonly text: string;
  readonly theme: Theme;
}

/** One row of the terminal, never two. Colour is in the text: what Ink would choose follows stdout, and the screen is on stderr. */
export const Line = memo(function Line({ text, theme }: LineProps) {
  return <Text wrap="truncate-end">{text === '' ? ' ' : theme.draw(text)}</Text>;
});

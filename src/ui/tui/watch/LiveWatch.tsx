import { useAnimation, useApp, useInput } from 'ink';
import { useLayoutEffect, useState } from 'react';
import type { Theme } from '../../theme.ts';
import type { Watched } from '../../watch/open-watch-view.ts';
import type { ScreenParts } from '../mount-screen.tsx';
import { bodyRows, WatchScreen } from './WatchScreen.tsx';
import { FIRST_CHOICE, press, selectedOf } from './watch-keys.ts';
import { watchRows } from './watch-rows.ts';

export interface LiveWatchProps extends ScreenParts {
  readonly watched: Watched;
  readonly events: () => readonly string[];
  readonly now: () => number;
  readonly theme: Theme;
  readonly onInterrupt: () => void;
}

/** Nothing on it moves faster than people read. */
const REDRAW_MS = 500;

/** The screen of a watch with everything that moves it: time and the keyboard. */
export function LiveWatch({ watched, events, now, size, theme, hasKeyboard, onInterrupt, onMounted }: LiveWatchProps) {
  useAnimation({ interval: REDRAW_MS });
  const { suspendTerminal } = useApp();
  const [choice, choose] = useState(FIRST_CHOICE);
  useLayoutEffect(() => onMounted(suspendTerminal), [onMounted, suspendTerminal]);
  const rows = watchRows(watched.state, choice);
  useInput(
    (input, key) => {
      const answer = press(choice, { input, ...key }, { rows, page: bodyRows(size.rows) });
      choose(answer.choice);
      if (answer.wish === 'quit') watched.quit();
      if (answer.wish === 'interrupt') onInterrupt();
      const selected = selectedOf(answer.choice, rows);
      if (answer.wish === 'doctor' && selected !== undefined) watched.diagnose(selected.name);
    },
    { isActive: hasKeyboard },
  );
  return <WatchScreen state={watched.state} rows={rows} choice={choice} events={events()} now={now()} size={size} theme={theme} />;
}

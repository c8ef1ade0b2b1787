import { useAnimation, useApp, useInput, useWindowSize } from 'ink';
import { useLayoutEffect, useState, useSyncExternalStore } from 'react';
import type { Theme } from '../theme.ts';
import type { RunStore } from './run-store.ts';
import { Screen } from './Screen.tsx';

/** Steps aside while something else uses the terminal. */
export type Suspend = (meanwhile: () => Promise<void>) => Promise<void>;

export interface LiveScreenProps {
  readonly store: RunStore;
  readonly theme: Theme;
  readonly hasKeyboard: boolean;
  readonly onInterrupt: () => void;
  /** Called once, with the way to make the screen step aside. */
  readonly onMounted: (suspend: Suspend) => void;
}

const SPINNER = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const SPINNER_MS = 120;

const NOTICES = [
  undefined,
  'Ctrl-C: rolling back both ends, then leaving. Again: leave now, the hosts roll back by themselves.',
  'Leaving now: the watchdog of each host rolls back at its deadline.',
];

/** The screen with everything that moves it: events, time, the keyboard and the size of the terminal. */
export function LiveScreen({ store, theme, hasKeyboard, onInterrupt, onMounted }: LiveScreenProps) {
  const state = useSyncExternalStore(store.subscribe, store.current);
  const { columns, rows } = useWindowSize();
  const { frame, time } = useAnimation({ interval: SPINNER_MS, isActive: state.recap === undefined });
  const { suspendTerminal } = useApp();
  const [interrupts, setInterrupts] = useState(0);
  useLayoutEffect(() => onMounted(suspendTerminal), [onMounted, suspendTerminal]);
  useInput(
    (input, key) => {
      if (!key.ctrl || input !== 'c') return;
      setInterrupts((before) => before + 1);
      onInterrupt();
    },
    { isActive: hasKeyboard },
  );
  return (
    <Screen
      state={state}
      columns={columns}
      rows={rows}
      theme={theme}
      spinner={SPINNER[frame % SPINNER.length] ?? ''}
      elapsedMs={time}
      notice={NOTICES[Math.min(interrupts, NOTICES.length - 1)]}
    />
  );
}

import { useAnimation, useApp, useInput } from 'ink';
import { useLayoutEffect, useState, useSyncExternalStore } from 'react';
import { isOver, type RunState } from '../run-state.ts';
import type { Theme } from '../theme.ts';
import type { ScreenParts } from './mount-screen.tsx';
import type { RunStore } from './run-store.ts';
import { Screen } from './Screen.tsx';

export interface LiveScreenProps extends ScreenParts {
  readonly store: RunStore;
  readonly theme: Theme;
  readonly onInterrupt: () => void;
}

const SPINNER = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const SPINNER_MS = 200;

const READ_ONLY: ReadonlySet<string> = new Set(['verify', 'doctor', 'capture']);

/** The screen with everything that moves it: events, time and the keyboard. */
export function LiveScreen({ size, store, theme, hasKeyboard, onInterrupt, onMounted }: LiveScreenProps) {
  const state = useSyncExternalStore(store.subscribe, store.current);
  const { frame, time } = useAnimation({ interval: SPINNER_MS, isActive: !isOver(state) });
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
      columns={size.columns}
      rows={size.rows}
      theme={theme}
      spinner={SPINNER[frame % SPINNER.length] ?? ''}
      elapsedMs={time}
      notice={noticeOf(interrupts, state)}
    />
  );
}

function noticeOf(interrupts: number, { start }: RunState): string | undefined {
  if (interrupts === 0) return undefined;
  if (start?.isCheck !== false || READ_ONLY.has(start.command)) return 'Ctrl-C: leaving. Nothing was changed.';
  if (interrupts === 1) return 'Ctrl-C: rolling back both ends, then leaving. Again: leave at once.';
  return "Leaving at once: each host's watchdog rolls back by itself.";
}

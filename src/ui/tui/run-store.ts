import type { RunEvent } from '../../run/events.ts';
import { reduceAll } from '../reduce.ts';
import { EMPTY_RUN, type RunState } from '../run-state.ts';

/** Holds the run for the screen and tells it of news at most once a frame, however many events there were. */
export interface RunStore {
  add(event: RunEvent): void;
  /** Takes in what waits for the next frame. */
  settle(): void;
  readonly current: () => RunState;
  readonly subscribe: (onNews: () => void) => () => void;
}

export function openRunStore(frameMs: number): RunStore {
  let state = EMPTY_RUN;
  let waiting: RunEvent[] = [];
  let timer: NodeJS.Timeout | undefined;
  let settledAt = Number.NEGATIVE_INFINITY;
  const listeners = new Set<() => void>();
  const settle = () => {
    clearTimeout(timer);
    timer = undefined;
    if (waiting.length === 0) return;
    settledAt = performance.now();
    state = reduceAll(state, waiting);
    waiting = [];
    for (const tell of listeners) tell();
  };
  return {
    add(event) {
      waiting.push(event);
      timer ??= setTimeout(settle, Math.max(0, settledAt + frameMs - performance.now()));
    },
    settle,
    current: () => state,
    subscribe(onNews) {
      listeners.add(onNews);
      return () => listeners.delete(onNews);
    },
  };
}

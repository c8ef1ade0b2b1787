import { INTERRUPTED } from './exit-codes.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface Interrupts {
  readonly signal: AbortSignal;
  /** Once: roll back and leave. Twice: leave now, the hosts' own timers roll back. */
  readonly interrupt: () => void;
  readonly stop: () => void;
}

/** Turns Ctrl-C, SIGTERM and SIGHUP (a cancelled pipeline, a closed terminal) into one signal. */
export function listenForInterrupts(leaveNow: () => void): Interrupts {
  const controller = new AbortController();
  const interrupt = () => {
    if (!controller.signal.aborted) return controller.abort();
    leaveNow();
    process.exit(INTERRUPTED);
  };
  for (const name of SIGNALS) process.on(name, interrupt);
  const stop = () => {
    for (const name of SIGNALS) process.off(name, interrupt);
  };
  return { signal: controller.signal, interrupt, stop };
}

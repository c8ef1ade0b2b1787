import type { Emit } from '../run/events.ts';

/** One way of telling a run. */
export interface View {
  /** Takes events as they happen; never throws and never waits. */
  readonly emit: Emit;
  /** Lends the terminal to a question (a password, an unknown host key): the screen steps aside until the answer is there. */
  lend<Answer>(ask: () => Promise<Answer>): Promise<Answer>;
  /** Tells the rest, restores the terminal and resolves when everything has left. May be called twice. */
  close(): Promise<void>;
}

import { setTimeout as pause } from 'node:timers/promises';
import type { HostFailure } from '../../errors/host-failure.ts';
import { interrupted } from '../session-failures.ts';

/** Logins that an overloaded sshd dropped are tried again so many times in all. */
const TRIES = 3;
const FIRST_PAUSE_MS = 150;

/** An attempt that ended before SSH began, which is worth another. */
export class Dropped extends Error {
  readonly failure: HostFailure;

  constructor(failure: HostFailure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** Whom the attempts are for, and how long they may go on. */
export interface Patience {
  readonly host: string;
  readonly limitMs: number;
  readonly signal?: AbortSignal;
}

/** Tries again, after a moment of random length, what was dropped. @throws HostFailure */
export async function withPatience<Result>({ host, limitMs, signal }: Patience, attempt: () => Promise<Result>): Promise<Result> {
  const giveUpAt = performance.now() + limitMs;
  for (let tries = 1; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof Dropped)) throw error;
      const waitMs = FIRST_PAUSE_MS * 2 ** tries * (0.5 + Math.random());
      if (tries >= TRIES || performance.now() + waitMs > giveUpAt) throw error.failure;
      await pause(waitMs, undefined, signal === undefined ? {} : { signal }).catch(() => {
        throw interrupted(host);
      });
    }
  }
}

/** Stops waiting when the run is interrupted; the work itself goes on for others. @throws HostFailure */
export async function orInterrupted<Result>(
  work: Promise<Result>,
  { host, signal }: { readonly host: string; readonly signal?: AbortSignal },
): Promise<Result> {
  if (signal === undefined) return work;
  let stop: () => void = () => undefined;
  const stopped = new Promise<never>((_, reject) => {
    stop = () => reject(interrupted(host));
    signal.addEventListener('abort', stop, { once: true });
  });
  if (signal.aborted) stop();
  return Promise.race([work, stopped]).finally(() => signal.removeEventListener('abort', stop));
}

const FIRST_MS = 1_000;
const LONGEST_MS = 30_000;
/** A host that refuses (a login, a key, its shell) does so until somebody mends it, and may count who asks. */
const REFUSED_MS = 60_000;
const LONGEST_REFUSED_MS = 15 * 60_000;

export interface Attempt {
  /** Failed attempts in a row, from 1. */
  readonly number: number;
  /** Whether the same may succeed a moment later. */
  readonly isRetryable: boolean;
  /** 0 up to 1, at random: hosts that were lost together are not met again all at once. */
  readonly jitter: number;
}

/** Milliseconds until a host that was lost is tried again: twice as long after each attempt, half to one and a half of it by chance. */
export function reconnectAfterMs({ number, isRetryable, jitter }: Attempt): number {
  const [first, longest] = isRetryable ? [FIRST_MS, LONGEST_MS] : [REFUSED_MS, LONGEST_REFUSED_MS];
  return Math.min(longest, first * 2 ** (Math.min(number, 30) - 1)) * (0.5 + jitter);
}

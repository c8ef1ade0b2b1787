import { describe, expect, it } from 'vitest';
import { reconnectAfterMs } from '../../../src/watch/backoff.ts';

describe('a host that was lost', () => {
  const after = (number: number, isRetryable = true, jitter = 0.5) => reconnectAfterMs({ number, isRetryable, jitter });

  it('is tried again after twice as long each time, half a minute at most', () => {
    expect([1, 2, 3, 4, 5, 6, 1000].map((number) => after(number))).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
  });

  it('is tried seldom where it refuses', () => {
    expect([1, 2, 10].map((number) => after(number, false))).toEqual([60_000, 120_000, 900_000]);
  });

  it('is not tried together with all others', () => {
    expect([after(3, true, 0), after(3, true, 0.999)]).toEqual([2000, expect.closeTo(5996, 0)]);
  });
});

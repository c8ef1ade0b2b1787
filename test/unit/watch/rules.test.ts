import { describe, expect, it } from 'vitest';
import type { CauseName, Certainty, Diagnosis, Finding } from '../../../src/diagnose/finding.ts';
import { reconnectAfterMs } from '../../../src/watch/backoff.ts';
import { findingWords, isCurable } from '../../../src/watch/curable.ts';

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

describe('what doctor found', () => {
  const finding = (cause: CauseName, certainty: Certainty): Finding => ({
    cause,
    host: 'router-b',
    certainty,
    message: 'so it is',
    evidence: [],
    cures: [],
  });
  const diagnosis = (...findings: readonly Finding[]): Diagnosis => ({
    tunnel: 'gre1',
    isHealthy: false,
    findings,
    ruledOut: [],
    remarks: [],
    unseen: ['packets'],
  });

  it('is repaired where a kernel says so and up brings it back', () => {
    expect(isCurable(diagnosis(finding('device-missing', 'proved')))).toBe(true);
    expect(isCurable(diagnosis(finding('peer-rebooted', 'likely')))).toBe(true);
  });

  it('is left to people where it is a guess, or about something else', () => {
    expect(isCurable(diagnosis(finding('key-mismatch', 'likely')))).toBe(false);
    expect(isCurable(diagnosis(finding('firewall-outside', 'proved'), finding('dropped-in-path', 'likely')))).toBe(false);
    expect(isCurable(diagnosis())).toBe(false);
  });

  it('is told in a line', () => {
    expect(findingWords(diagnosis(finding('firewall-outside', 'proved')))).toBe('firewall-outside on router-b (proved): so it is');
    expect(findingWords(diagnosis())).toBe('no cause that is known fits; could not be seen: packets');
    expect(findingWords({ ...diagnosis(), isHealthy: true })).toBe('doctor finds nothing wrong');
  });
});

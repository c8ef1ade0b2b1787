import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Moment } from './fault-gate.ts';
import { FAULTS, type FaultName } from './fault-kinds.ts';
import { tellViolation } from './fault-report.ts';
import { trialsOf, trialText } from './fault-seed.ts';
import { type FaultStage, stageFaults } from './fault-stage.ts';
import { tryFault } from './fault-trial.ts';

/** The faults that differ most, at the moments that are worst for them; all of them at all moments are a long run. */
const CASES: readonly (readonly [FaultName, Moment])[] = [
  ['sigkill', 'commit'],
  ['link-cut', 'verify'],
  ['paused', 'commit'],
  ['ssh-captured', 'apply-99'],
];

/** One of the random trials; the long run makes 200 of other seeds. */
const SEED = 13;
const TRIALS = 1;

let stage: FaultStage;

beforeAll(async () => {
  stage = await stageFaults();
});

afterAll(async () => {
  await stage?.close();
});

describe('a fault in the middle of a run leaves both hosts with the new or both with the old', () => {
  it.each(CASES.map(([fault, moment]) => ({ title: FAULTS[fault].title, fault, moment })))('$title, at $moment', async ({ fault, moment }) => {
    const verdict = await tryFault(stage, { from: 'none', to: 'key-1', fault, when: { at: moment }, victim: 'router-b' });
    expect(verdict.hasStruck).toBe(true);
    expect(verdict.violations, tellViolation(verdict)).toEqual([]);
  });

  it.each(trialsOf(SEED, TRIALS).map((trial) => ({ trial, text: trialText(trial) })))(`seed ${SEED}: $text`, async ({ trial }) => {
    const verdict = await tryFault(stage, trial);
    expect(verdict.violations, tellViolation(verdict)).toEqual([]);
  });
});

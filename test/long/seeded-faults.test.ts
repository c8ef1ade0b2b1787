import { afterAll, beforeAll, expect, it } from 'vitest';
import { lateness, tellViolation } from '../e2e/fault-report.ts';
import { trialsOf, trialText } from '../e2e/fault-seed.ts';
import { type FaultStage, stageFaults } from '../e2e/fault-stage.ts';
import { tryFault } from '../e2e/fault-trial.ts';

const RUNS = Number(process.env.TUNORCH_RUNS ?? 200);
const SEED = Number(process.env.TUNORCH_SEED ?? Date.now() % 2 ** 32);
/** For replaying the end of a series: trials before it are left out. */
const FIRST = Number(process.env.TUNORCH_FIRST ?? 1);

let stage: FaultStage;

beforeAll(async () => {
  process.stderr.write(`faults: TUNORCH_SEED=${SEED} TUNORCH_RUNS=${RUNS}\n`);
  stage = await stageFaults();
});

afterAll(async () => {
  await stage?.close();
});

it.each(
  trialsOf(SEED, RUNS)
    .map((trial, index) => ({ number: index + 1, trial, text: trialText(trial) }))
    .filter(({ number }) => number >= FIRST),
)(`seed ${SEED}, run $number, $text`, async ({ number, trial, text }) => {
  const verdict = await tryFault(stage, trial);
  process.stderr.write(
    `${number}. ${text}: ${verdict.hasStruck ? '' : 'did not strike; '}${verdict.outcome}; ${verdict.told}; ${lateness(verdict)}; ${verdict.violations.join(' | ') || 'true'}\n`,
  );
  expect(verdict.violations, tellViolation(verdict)).toEqual([]);
});

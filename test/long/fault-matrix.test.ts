import { afterAll, beforeAll, expect, it } from 'vitest';
import { MOMENTS, type Moment } from '../e2e/fault-gate.ts';
import { FAULTS, type FaultName, isPossible } from '../e2e/fault-kinds.ts';
import { lateness, tellViolation } from '../e2e/fault-report.ts';
import { type FaultStage, stageFaults } from '../e2e/fault-stage.ts';
import { type Cells, cellName, cellText, tableText, updateTable } from '../e2e/fault-table.ts';
import { tryFault } from '../e2e/fault-trial.ts';

/** Some rows or columns alone, separated by commas; the table keeps what it has of the others. */
const chosen = (name: string) => (word: string) => process.env[name] === undefined || process.env[name].split(',').includes(word);
const faults = (Object.keys(FAULTS) as FaultName[]).filter(chosen('TUNORCH_FAULTS'));
const moments = MOMENTS.filter(chosen('TUNORCH_MOMENTS'));
const cases = faults.flatMap((fault) => moments.filter((moment) => isPossible(fault, moment)).map((moment) => [fault, moment] as const));

let stage: FaultStage;
const cells: Cells = new Map();

beforeAll(async () => {
  stage = await stageFaults();
});

afterAll(async () => {
  process.stderr.write(`${tableText(cells)}\n`);
  await stage?.close();
});

it.each(cases)('leaves both hosts with the new or both with the old after %s at %s', async (fault: FaultName, moment: Moment) => {
  const verdict = await tryFault(stage, { from: 'none', to: 'key-1', fault, when: { at: moment }, victim: 'router-b' });
  cells.set(cellName(fault, moment), cellText(verdict));
  if (process.env.UPDATE_GOLDEN === '1') await updateTable(cells);
  process.stderr.write(
    `${fault} ${moment}: ${verdict.outcome}; ${verdict.told}; ${lateness(verdict)}; ${verdict.violations.join(' | ') || 'true'}\n`,
  );
  expect(verdict.violations, tellViolation(verdict)).toEqual([]);
});

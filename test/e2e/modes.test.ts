import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ModesStage, stageModes } from './modes-stage.ts';
import { modesTable, triedThrice, unless, unlessFullSizeCrosses, unlessHeardBothWays, unlessUnchanged } from './modes-table.ts';
import { type ProgramRun, tunorch } from './scenario-program.ts';
import { expectUnchanged, type Snapshot } from './scenario-snapshot.ts';
import { OPS_ENVIRONMENT } from './scenario-stage.ts';

const table = modesTable(['up', 'full size', 'second up', 'verify', 'down']);

/** A tunnel of each mode at once, on guests under emulation with one slow processor each. */
const PATIENT = { ...OPS_ENVIRONMENT, TUNORCH_TIMEOUT: '60', TUNORCH_DEADLINE: '240' };

let modesStage: ModesStage;
let inventory: string;
let before: ReadonlyMap<string, Snapshot>;

async function run(command: string): Promise<ProgramRun> {
  const told = await tunorch([command, inventory], { env: PATIENT, longestMs: 300_000 });
  expect(told.recap.tunnels, told.stderr).toHaveLength(modesStage.present.length);
  return told;
}

describe('a tunnel of each mode, all at once, with a router between their ends', () => {
  beforeAll(async () => {
    modesStage = await stageModes();
    inventory = await modesStage.inventory({ isBound: false, isChanged: false });
    before = await modesStage.scenario.look();
  });

  afterAll(() => {
    process.stdout.write(`\n${table.text(modesStage.present, modesStage.lacking)}\n`);
  });

  it('comes up, and full-size packets cross both ways', async () => {
    const up = await run('up');
    table.judge('up', up, unless('changed', up));
    table.judge('full size', up, unlessFullSizeCrosses(up));
  });

  it('has 0 changes the second time', async () => {
    const again = await run('up');
    table.judge('second up', again, unlessUnchanged(again));
  });

  it('is heard from both ends, says verify', async () => {
    const verify = await triedThrice(() => run('verify'));
    table.judge('verify', verify, unlessHeardBothWays(verify));
  });

  it('is gone after down, and both hosts are what they were', async () => {
    const down = await run('down');
    table.judge('down', down, unless('changed', down));
    await expectUnchanged(modesStage.scenario.lab, before);
  });
});

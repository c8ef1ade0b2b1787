import { admitted, type Patient, type Ward } from './doctor-trouble.ts';
import { expectAll, type ProgramRun, tunorch } from './scenario-program.ts';
import { type Draft, OPS_ENVIRONMENT, stageExample } from './scenario-stage.ts';

/** Guests on a busy machine may take their time to answer as SSH, and to answer at all. */
const PATIENCE = { ...OPS_ENVIRONMENT, TUNORCH_TIMEOUT: '60', TUNORCH_DEADLINE: '240' };
const TRIES = 3;

async function patiently(command: string, inventory: string): Promise<ProgramRun> {
  for (let tries = 1; ; tries += 1) {
    const run = await tunorch([command, inventory], { env: PATIENCE, longestMs: 300_000 });
    if (run.status !== 4 || tries === TRIES) return run;
  }
}

/** An example of inventory/ on the guests of the lab. */
export function healthyPatient(example: string, bendMore: (draft: Draft) => void = () => undefined): Promise<Patient> {
  return admitted(() => admit(example, bendMore));
}

async function admit(example: string, bendMore: (draft: Draft) => void): Promise<Ward> {
  const { lab, sh, write } = await stageExample(example);
  const bend = (draft: Draft) => {
    for (const tunnel of Object.values<Draft>(draft.tunnels)) tunnel.verify = { count: 6, interval: 0.5, max_loss: 84 };
    bendMore(draft);
  };
  const inventory = await write(bend);
  expectAll(await patiently('up', inventory), 'changed');
  const bent = (more: (draft: Draft) => void) =>
    write((draft) => {
      bend(draft);
      more(draft);
    });
  return { lab, sh, run: patiently, write: bent, inventory };
}

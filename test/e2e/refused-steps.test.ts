import { beforeAll, describe, expect, it } from 'vitest';
import { type Ended, eventsOf, expectAll, onlyTunnel, type ProgramRun, tunorch, tunorchText } from './scenario-program.ts';
import { MODULE_REFUSAL, REFUSAL, refuseLine, refuseModules, refuseSysctl, SYSCTL_REFUSAL } from './scenario-refusals.ts';
import { expectUnchanged, type Snapshot } from './scenario-snapshot.ts';
import { OPS_ENVIRONMENT, type Scenario, stageExample } from './scenario-stage.ts';

/** More lines than any of these plans has. */
const MOST_LINES = 20;
const NO_LINE = 0;

let scenario: Scenario;
let before: ReadonlyMap<string, Snapshot>;

/** The step that was refused, after everything that has to hold of such a run. */
function expectRolledBack(run: ProgramRun, host: string, words: string): string {
  expect(run.status, run.stderr).toBe(1);
  const { outcome, isProved, problems } = onlyTunnel(run);
  expect({ outcome, isProved }).toEqual({ outcome: 'rolled-back', isProved: true });
  expect(problems).toMatchObject([{ code: 'apply.step-refused', host }]);
  const [{ step = '', command = '', words: said = '', message = '' } = {}] = problems;
  expect(said).toContain(words);
  expect(message).toContain(step);
  expect(command).not.toBe('');
  expect(eventsOf(run, 'step').filter(({ state }) => state === 'failed')).toMatchObject([{ host, title: step }]);
  return step;
}

/** Refuses one line after the other until there is none left, and gives the steps they belong to. */
async function refuseEachLine(
  host: string,
  up: () => Promise<ProgramRun>,
): Promise<{ readonly refused: readonly string[]; readonly last: ProgramRun }> {
  const refused: string[] = [];
  for (let line = 1; line <= MOST_LINES; line += 1) {
    await refuseLine(scenario, host, line);
    const run = await up();
    if (run.status === 0) {
      await refuseLine(scenario, host, NO_LINE);
      return { refused, last: run };
    }
    const step = expectRolledBack(run, host, REFUSAL);
    if (refused.at(-1) !== step) refused.push(step);
    await expectUnchanged(scenario.lab, before);
  }
  throw new Error(`still refused at line ${MOST_LINES}`);
}

function stepsDone(run: ProgramRun, host: string): readonly string[] {
  return eventsOf(run, 'step')
    .filter((event) => event.host === host && event.state === 'done')
    .map(({ title }) => title);
}

describe('a step that one host refuses', () => {
  const up = (output = tunorch) => output(['up', scenario.inventory], { env: OPS_ENVIRONMENT });

  beforeAll(async () => {
    scenario = await stageExample('site-to-site');
    before = await scenario.look();
  });

  it('rolls both hosts back when a module cannot be loaded', async () => {
    await refuseModules(scenario, 'router-a');
    expect(expectRolledBack(await up(), 'router-a', MODULE_REFUSAL)).toBe('load module ip_gre');
    await expectUnchanged(scenario.lab, before);
  });

  it('rolls both hosts back when a sysctl cannot be set, the last step of all', async () => {
    await refuseSysctl(scenario, 'router-b', 'net/ipv4/ip_forward');
    expect(expectRolledBack(await up(), 'router-b', SYSCTL_REFUSAL)).toBe('set sysctl net.ipv4.ip_forward to 1');
    await expectUnchanged(scenario.lab, before);
  });

  it('tells step, host and the host’s own words to people too', async () => {
    await refuseLine(scenario, 'router-b', 4);
    const { status, stdout }: Ended = await tunorchText(['up', scenario.inventory], OPS_ENVIRONMENT);
    expect(status).toBe(1);
    expect(stdout).toMatch(/✗ gre1: router-b: apply\.step-refused: the step «add address 10\.10\.10\.1 peer 10\.10\.10\.2 to gre1» was refused/);
    expect(stdout).toMatch(/command +ip address add 10\.10\.10\.1 peer 10\.10\.10\.2 dev gre1/);
    expect(stdout).toMatch(new RegExp(`said +${REFUSAL}`));
    expect(stdout).toContain('proved equal to the snapshot');
    await expectUnchanged(scenario.lab, before);
  });

  it('rolls both hosts back at every position of a new tunnel', async () => {
    const { refused, last } = await refuseEachLine('router-a', up);
    expectAll(last, 'changed');
    expect([...refused, 'set sysctl net.ipv4.ip_forward to 1']).toEqual(stepsDone(last, 'router-a'));
    expect(refused.length).toBeGreaterThanOrEqual(4);
    expectAll(await tunorch(['down', scenario.inventory], { env: OPS_ENVIRONMENT }), 'changed');
    await expectUnchanged(scenario.lab, before);
  });
});

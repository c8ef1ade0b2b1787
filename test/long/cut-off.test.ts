import { beforeAll, describe, expect, it } from 'vitest';
import type { Phase } from '../../src/run/events.ts';
import { expectAll, type ProgramRun, tunorch } from '../e2e/scenario-program.ts';
import { expectUnchanged, expectUnchangedWithin, type Snapshot, snapshots } from '../e2e/scenario-snapshot.ts';
import { OPS_ENVIRONMENT, type Scenario, stageExample } from '../e2e/scenario-stage.ts';

/** A host notices at once that its session ended; what it then has to do takes longer under emulation. */
const SESSION_END_MS = 20_000;

let scenario: Scenario;
let before: ReadonlyMap<string, Snapshot>;

/** Sends a signal to the program the moment a phase begins on a host. */
function signalAt(signal: NodeJS.Signals, phase: Phase, args: readonly string[] = ['up']): Promise<ProgramRun> {
  let isSent = false;
  return tunorch([...args, scenario.inventory], {
    env: OPS_ENVIRONMENT,
    onEvent(event, child) {
      if (isSent || event.type !== 'host-phase' || event.phase !== phase || event.state !== 'started') return;
      isSent = true;
      child.kill(signal);
    },
  });
}

beforeAll(async () => {
  scenario = await stageExample('site-to-site');
  before = await scenario.look();
});

describe('a run that is interrupted by Ctrl-C', () => {
  it.each(['gather', 'prepare', 'apply', 'verify'] as const)('leaves both hosts as they were when it comes at %s, and exits 130', async (phase) => {
    const up = await signalAt('SIGINT', phase);
    expect(up.status, up.stderr).toBe(130);
    for (const { outcome } of up.recap.tunnels) expect(['rolled-back', 'failed', 'unreachable']).toContain(outcome);
    if (phase === 'verify') expect(up.recap.tunnels).toMatchObject([{ outcome: 'rolled-back', isProved: true }]);
    expect(up.recap.tunnels.flatMap(({ problems }) => problems.map(({ code }) => code))).toContain('run.interrupted');
    await expectUnchanged(scenario.lab, before);
  });
});

describe('a run whose controller is killed', () => {
  it.each(['prepare', 'apply'] as const)('leaves both hosts as they were when it dies at %s', async (phase) => {
    const up = await signalAt('SIGKILL', phase);
    expect(up.status).toBe(137);
    await expectUnchangedWithin(scenario.lab, before, SESSION_END_MS);
  });

  it('leaves both hosts as they were, or both with the tunnel, when it dies at verify', async () => {
    const up = await signalAt('SIGKILL', 'verify', ['up', '--deadline', '10']);
    expect(up.status).toBe(137);
    await expect.poll(hostsWithTunnel, { timeout: 60_000, interval: 500 }).not.toBe('undecided');
    const ends = await hostsWithTunnel();
    expect(['none', 'both']).toContain(ends);
    if (ends === 'both') expectAll(await tunorch(['down', scenario.inventory], { env: OPS_ENVIRONMENT }), 'changed');
    await expectUnchanged(scenario.lab, before);
  });

  it('leaves nothing that a next run would stumble over', async () => {
    await signalAt('SIGKILL', 'apply');
    expectAll(await tunorch(['up', scenario.inventory], { env: OPS_ENVIRONMENT }), 'changed');
    expectAll(await tunorch(['verify', scenario.inventory], { env: OPS_ENVIRONMENT }), 'ok');
  });
});

/** Which hosts carry the tunnel, once neither has anything of a run left. */
async function hostsWithTunnel(): Promise<'undecided' | 'none' | 'one' | 'both'> {
  const now = [...(await snapshots(scenario.lab, [...before.keys()])).values()];
  if (now.some(({ files }) => files.length > 0)) return 'undecided';
  const having = now.filter(({ network }) => network.some((line) => line.includes('"tunorch:gre1')));
  return having.length === 0 ? 'none' : having.length === 1 ? 'one' : 'both';
}

describe('a removal that is cut off', () => {
  let up: ReadonlyMap<string, Snapshot>;
  beforeAll(async () => {
    expect((await tunorch(['up', scenario.inventory], { env: OPS_ENVIRONMENT })).status).toBe(0);
    up = await scenario.look();
  });

  it('leaves both hosts with the tunnel when Ctrl-C comes at apply', async () => {
    const down = await signalAt('SIGINT', 'apply', ['down']);
    expect(down.status, down.stderr).toBe(130);
    await expectUnchanged(scenario.lab, up);
  });

  it('leaves both hosts with the tunnel when its controller dies at apply', async () => {
    await signalAt('SIGKILL', 'apply', ['down']);
    await expectUnchangedWithin(scenario.lab, up, SESSION_END_MS);
  });
});

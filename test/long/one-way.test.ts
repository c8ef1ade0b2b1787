import { beforeAll, describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/run/events.ts';
import { expectAll, tunorch } from '../e2e/scenario-program.ts';
import { OPS_ENVIRONMENT, type Scenario, stageExample } from '../e2e/scenario-stage.ts';

/** Guests are emulated: doctor, the repair and its proof take their time. */
const PATIENCE_MS = 10 * 60_000;

let scenario: Scenario;
beforeAll(async () => {
  scenario = await stageExample('site-to-site');
  expectAll(await tunorch(['up', scenario.inventory], { env: OPS_ENVIRONMENT, longestMs: PATIENCE_MS }), 'changed');
}, PATIENCE_MS);

/** A watch that ends when the tunnel is up again after the trouble, which begins when it was found up; what it told. */
async function watchThrough(flags: readonly string[], trouble: () => Promise<unknown>): Promise<readonly RunEvent[]> {
  let isBegun = false;
  let wasDown = false;
  const { events, status } = await tunorch(['watch', scenario.inventory, '--interval', '3', '--retries', '2', '--timeout', '60', ...flags], {
    env: OPS_ENVIRONMENT,
    longestMs: PATIENCE_MS,
    onEvent(event, child) {
      if (event.type !== 'tunnel-health') return;
      if (event.health === 'down') wasDown = true;
      if (event.health !== 'up') return;
      if (wasDown) child.kill('SIGTERM');
      else if (!isBegun) void trouble();
      isBegun = true;
    },
  });
  expect(status).toBe(130);
  return events;
}

describe('one end of a tunnel goes', () => {
  it.each([
    ['is deleted', 'ip link delete dev gre1', 'gre1 is gone on router-b'],
    ['is set down', 'ip link set dev gre1 down', 'gre1 is down on router-b'],
  ])(
    'when it %s, watch notices, and --heal brings both ends back',
    async (_name, command, reason) => {
      const events = await watchThrough(['--heal'], () => scenario.sh('router-b', command));
      const health = events.flatMap((event) => (event.type === 'tunnel-health' ? [event] : []));
      expect(health.map((event) => event.health)).toEqual(['up', 'down', 'up']);
      expect(health[1]?.reason).toBe(reason);
      expect(events.flatMap((event) => (event.type === 'repair' ? [event.state] : []))).toEqual(['started', 'repaired']);
      expectAll(await tunorch(['verify', scenario.inventory], { env: OPS_ENVIRONMENT, longestMs: PATIENCE_MS }), 'ok');
      expectAll(await tunorch(['up', scenario.inventory], { env: OPS_ENVIRONMENT, longestMs: PATIENCE_MS }), 'ok');
    },
    PATIENCE_MS,
  );
});

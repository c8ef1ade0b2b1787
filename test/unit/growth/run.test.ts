import { afterAll, beforeAll, expect, test } from 'vitest';
import { readInventory } from '../../../src/inventory/read-inventory.ts';
import { run } from '../../../src/run/run.ts';
import { aRequest } from '../../support/builders-run.ts';
import { ExecutionCounter, grownBeyond } from '../../support/executions.ts';
import { LARGE_SHAPES } from '../../support/large-inventories.ts';
import { ObligingHosts } from '../../support/obliging-hosts.ts';

const TUNNELS = 60;

const counter = new ExecutionCounter();
beforeAll(() => counter.open());
afterAll(() => counter.close());

const CASES = [
  ['up', 'spread'],
  ['rerun', 'spread'],
  ['verify', 'spread'],
  ['down', 'spread'],
  ['up', 'hub'],
  ['rerun', 'hub'],
  ['verify', 'hub'],
  ['down', 'hub'],
  ['up', 'parallel'],
  ['rerun', 'parallel'],
  ['down', 'parallel'],
] as const;

test.each(CASES)('does %s of twice the tunnels of a %s with twice the work of the controller', async (what, shape) => {
  const [small, large] = [await running(what, shape, TUNNELS), await running(what, shape, 2 * TUNNELS)];
  expect(grownBeyond(2.6, small, large)).toEqual([]);
});

async function running(what: (typeof CASES)[number][0], shape: keyof typeof LARGE_SHAPES, number: number) {
  const { desired } = readInventory([{ path: 'inventory.yaml', text: LARGE_SHAPES[shape](number) }]);
  const tunnels = desired?.tunnels ?? [];
  expect(tunnels).toHaveLength(number);
  const world = {
    transport: new ObligingHosts(tunnels, what === 'up' ? 'bare' : 'up'),
    report: () => undefined,
    now: () => 0,
    sleep: () => Promise.resolve(),
    jitter: () => 0,
    randomBytes: (count: number) => Buffer.alloc(count),
    interrupt: new AbortController().signal,
  };
  return counter.during(async () => {
    const { tunnels: recaps } = await run(aRequest({ tunnels, command: what === 'rerun' ? 'up' : what, deadlineSeconds: 60 }), world);
    expect(recaps.map(({ outcome }) => outcome)).toEqual(tunnels.map(() => (what === 'up' || what === 'down' ? 'changed' : 'ok')));
  });
}

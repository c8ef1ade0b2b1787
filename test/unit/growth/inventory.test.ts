import { afterAll, beforeAll, expect, test } from 'vitest';
import { readInventory } from '../../../src/inventory/read-inventory.ts';
import { ExecutionCounter, grownBeyond } from '../../support/executions.ts';
import { LARGE_SHAPES } from '../../support/large-inventories.ts';

const TUNNELS = 100;

const counter = new ExecutionCounter();
beforeAll(() => counter.open());
afterAll(() => counter.close());

test.each(['spread', 'hub', 'parallel', 'mesh'] as const)('reads twice the tunnels of a %s with twice the work', async (shape) => {
  const [small, large] = [await reading(shape, TUNNELS), await reading(shape, 2 * TUNNELS)];
  expect(grownBeyond(2.6, small, large)).toEqual([]);
});

function reading(shape: keyof typeof LARGE_SHAPES, tunnels: number) {
  const files = [{ path: 'inventory.yaml', text: LARGE_SHAPES[shape](tunnels) }];
  return counter.during(() => {
    const { desired, diagnostics } = readInventory(files);
    expect(diagnostics).toEqual([]);
    expect(desired?.tunnels).toHaveLength(tunnels);
  });
}

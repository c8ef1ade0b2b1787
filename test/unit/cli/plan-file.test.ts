import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { planListener, readPlan, type SavedPlan, writePlan } from '../../../src/cli/plan-file.ts';
import type { RunEvent } from '../../../src/run/events.ts';
import { PLAN_RUN, UNREACHABLE_RUN } from '../../support/recorded-runs.ts';

const PLAN: SavedPlan = {
  version: '0.1.0',
  madeAt: '2026-11-21T12:00:00.000Z',
  adopt: false,
  prune: false,
  tunnels: [{ name: 'gre1', isStray: false, changes: [{ host: 'router-a', action: 'add', object: 'link gre1' }], digest: 'sha256:abc' }],
};

let folder = '';
let path = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tunorch-plan-'));
  path = join(folder, 'plan.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

function heard(events: readonly RunEvent[]) {
  const listener = planListener();
  for (const event of events) listener.hear(event.type === 'tunnel-planned' ? { ...event, digest: `sha256:${event.tunnel}` } : event);
  return listener.tunnels;
}

describe('a plan in a file', () => {
  it('comes back as it was written', async () => {
    await writePlan(path, PLAN);
    expect(await readPlan(path)).toMatchObject(PLAN);
  });

  it('is refused after one character was changed', async () => {
    await writePlan(path, PLAN);
    writeFileSync(path, readFileSync(path, 'utf8').replace('sha256:abc', 'sha256:abd'));
    expect(await readPlan(path)).toEqual({ refused: expect.stringContaining('was changed after it was made') });
  });

  it.each(['', 'null', '{}', '{"schema":"tunorch-plan/2"}', 'hosts:'])('is refused where it is none: %s', async (text) => {
    writeFileSync(path, text);
    expect(await readPlan(path)).toEqual({ refused: expect.stringContaining('is no plan') });
  });

  it('is refused where there is none', async () => {
    expect(await readPlan(path)).toEqual({ refused: expect.stringContaining('ENOENT') });
  });
});

describe('a plan that is being made', () => {
  it('has every tunnel with its changes, those without any too', () => {
    expect(heard(PLAN_RUN.events)).toMatchObject([
      { name: 'gre1', isStray: false, digest: 'sha256:gre1' },
      { name: 'tun1', isStray: false, changes: [] },
    ]);
  });

  it('is none where a host could not be asked', () => {
    expect(heard(UNREACHABLE_RUN.events)).toBeUndefined();
  });
});

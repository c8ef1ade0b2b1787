import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { eventSchema } from '../../../src/ui/event-schema.ts';
import { eventProblems } from '../../support/event-schema.ts';
import { GOOD_RUN, RECORDED_RUNS } from '../../support/recorded-runs.ts';

const readersView = new Ajv().compile(eventSchema);

describe('the schema of events', () => {
  it.each(RECORDED_RUNS)('has every event of $name', ({ events }) => {
    expect(events.flatMap(eventProblems)).toEqual([]);
  });

  it('lets readers pass over types and fields of a later version', () => {
    expect(readersView({ type: 'dns-checked', at: 1, zone: 'example.org' })).toBe(true);
    expect(readersView({ type: 'host-warning', at: 1, host: 'router-a', message: 'late', severity: 3 })).toBe(true);
  });

  it('refuses what a known type does not say', () => {
    expect(readersView({ type: 'host-warning', at: 1, host: 'router-a' })).toBe(false);
    expect(readersView({ type: 'tunnel-phase', at: 1, tunnel: 'gre1', phase: 'dance', state: 'done' })).toBe(false);
  });

  it('is held against the tests’ own runs without any room', () => {
    const [first] = GOOD_RUN.events;
    expect(eventProblems({ ...first, type: 'run-started', secret: 1 } as never)).toEqual([expect.stringContaining('"additionalProperty":"secret"')]);
  });
});

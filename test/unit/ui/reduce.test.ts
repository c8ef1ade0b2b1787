import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../src/run/events.ts';
import { followRun, reduce, reduceAll } from '../../../src/ui/reduce.ts';
import { EMPTY_RUN, type RunState } from '../../../src/ui/run-state.ts';
import { hostBadge, inWindow, tunnelBadge, tunnelStanding } from '../../../src/ui/standing.ts';
import { manyTunnels } from '../../support/many-tunnels.ts';
import { GOOD_RUN, INCOMPLETE_RUN, RECORDED_RUNS, ROLLED_BACK_RUN, UNREACHABLE_RUN } from '../../support/recorded-runs.ts';

const shuffled = fc.constantFrom(...RECORDED_RUNS).chain(({ events }) => fc.shuffledSubarray([...events]));

function until(events: readonly RunEvent[], isLast: (event: RunEvent) => boolean): RunState {
  return reduceAll(EMPTY_RUN, events.slice(0, events.findIndex(isLast) + 1));
}

function firstOf<Value>(values: ReadonlyMap<string, Value>): Value {
  for (const value of values.values()) return value;
  throw new Error('nothing there');
}

describe('the state of a run', () => {
  it('is the same however its events are batched', () => {
    fc.assert(
      fc.property(shuffled, fc.nat(50), (events, cut) => {
        const whole = reduceAll(EMPTY_RUN, events);
        expect(reduceAll(reduceAll(EMPTY_RUN, events.slice(0, cut)), events.slice(cut))).toEqual(whole);
        expect(events.reduce(reduce, EMPTY_RUN)).toEqual(whole);
      }),
      { numRuns: 50 },
    );
  });

  it('is the same when it is followed in place', () => {
    const run = followRun();
    for (const event of GOOD_RUN.events) run.add(event);
    expect(run.state).toEqual(reduceAll(EMPTY_RUN, GOOD_RUN.events));
  });

  it('never changes an older state', () => {
    const before = reduceAll(EMPTY_RUN, GOOD_RUN.events.slice(0, 5));
    const copy = structuredClone(before);
    reduceAll(before, GOOD_RUN.events.slice(5));
    expect(before).toEqual(copy);
  });

  it('keeps the objects of tunnels without news', () => {
    const { events } = manyTunnels(40, 'mixed');
    const before = reduceAll(EMPTY_RUN, events);
    const after = reduce(before, { at: 0, type: 'tunnel-phase', tunnel: 'spoke008', phase: 'apply', state: 'done' });
    const changed = [...after.tunnels].filter(([name, tunnel]) => before.tunnels.get(name) !== tunnel).map(([name]) => name);
    expect(changed).toEqual(['spoke008']);
  });

  it('ignores hosts and tunnels that nobody announced, and events of a later vocabulary', () => {
    const start = reduceAll(EMPTY_RUN, GOOD_RUN.events.slice(0, 1));
    const strange = { at: 0, type: 'weather', sky: 'clear' } as unknown as RunEvent;
    const stranger: RunEvent = { at: 0, type: 'host-phase', host: 'nobody', phase: 'connect', state: 'started' };
    expect(reduceAll(start, [strange, stranger])).toEqual(start);
  });

  it('follows a tunnel by its hosts where its own phases are not told', () => {
    const events = GOOD_RUN.events.filter(({ type }) => type !== 'tunnel-phase');
    const applying = until(events, ({ type }) => type === 'step');
    expect(tunnelBadge(firstOf(applying.tunnels)).word).toBe('applying');
    expect(tunnelBadge(firstOf(until(events, (event) => event.type === 'host-phase' && event.state === 'done').tunnels)).word).toBe('connecting');
  });

  it('sees only the failing tunnels of a hub roll back where hosts alone are told', () => {
    const told = manyTunnels(10, 'mixed').events.filter(({ type }) => type === 'run-started' || type === 'host-phase');
    const failed: RunEvent = { at: 0, type: 'step', tunnel: 'spoke003', host: 'spoke003', title: 'link', state: 'failed' };
    const undoing: RunEvent = { at: 0, type: 'host-phase', host: 'hub', phase: 'roll-back', state: 'started' };
    const { tunnels } = reduceAll(EMPTY_RUN, [...told, failed, undoing]);
    expect([...tunnels.values()].filter(({ phase }) => phase === 'roll-back').map(({ name }) => name)).toEqual(['spoke003']);
  });

  it('sees the others of a host committed where the one that failed tells its own phase', () => {
    const told = manyTunnels(2, 'mixed').events.filter(({ type }) => type === 'run-started');
    const failed: RunEvent = { at: 0, type: 'step', tunnel: 'spoke001', host: 'spoke001', title: 'link', state: 'failed' };
    const phase: RunEvent = { at: 0, type: 'tunnel-phase', tunnel: 'spoke001', phase: 'roll-back', state: 'started' };
    const undoing: RunEvent = { at: 0, type: 'host-phase', host: 'hub', phase: 'roll-back', state: 'started' };
    const { tunnels } = reduceAll(EMPTY_RUN, [...told, failed, phase, undoing]);
    expect([...tunnels.values()].map((tunnel) => `${tunnel.name} ${tunnel.phase}`)).toEqual(['spoke001 roll-back', 'spoke002 commit']);
  });
});

describe('how a tunnel or a host stands', () => {
  it('is failing from the refused step on, before any outcome', () => {
    const state = until(ROLLED_BACK_RUN.events, (event) => event.type === 'step' && event.state === 'failed');
    expect(tunnelStanding(firstOf(state.tunnels))).toBe('failing');
  });

  it('has a word for every phase and outcome', () => {
    for (const { events } of RECORDED_RUNS) {
      events.reduce((state, event) => {
        const next = reduce(state, event);
        for (const badge of [...[...next.tunnels.values()].map(tunnelBadge), ...[...next.hosts.values()].map(hostBadge)]) {
          expect(badge.word).toMatch(/^[a-z -]+$/);
        }
        return next;
      }, EMPTY_RUN);
    }
  });

  it('is unreachable for a host that could not be connected to, failed for one that was lost later', () => {
    expect(hostBadge(reduceAll(EMPTY_RUN, UNREACHABLE_RUN.events).hosts.get('router-b') ?? fail()).word).toBe('unreachable');
    const lost = { at: 0, type: 'host-failed', host: 'router-b', code: 'ssh.connection-lost', message: 'cut', hint: 'look' } as const;
    expect(hostBadge(reduceAll(EMPTY_RUN, [...INCOMPLETE_RUN.events.slice(0, 20), lost]).hosts.get('router-b') ?? fail()).word).toBe('failed');
  });
});

function fail(): never {
  throw new Error('the host is missing');
}

describe('a window on many tunnels', () => {
  const tunnels = [...reduceAll(EMPTY_RUN, manyTunnels(40, 'mixed').events).tunnels.values()];

  it('keeps the order of the inventory while all fit', () => {
    expect(inWindow(tunnels, 40, tunnelStanding)).toEqual(tunnels);
  });

  it('shows failing ones first, then running ones', () => {
    const standings = inWindow(tunnels, 15, tunnelStanding).map(tunnelStanding);
    expect(standings).toEqual([...Array(8).fill('failing'), ...Array(7).fill('running')]);
  });

  it('shows none where there is no room', () => {
    expect(inWindow(tunnels, -1, tunnelStanding)).toEqual([]);
  });
});

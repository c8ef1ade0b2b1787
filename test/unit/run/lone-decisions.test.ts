import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LoneDecision } from '../../../src/domain/lone-decision.ts';
import { tellLoneDecisions } from '../../../src/run/lone-decisions.ts';
import type { Unstamped } from '../../../src/run/world.ts';
import { anObservedHost } from '../../support/builders.ts';
import { sites, twoRouters } from '../../support/builders-sites.ts';
import { type Stage, until } from '../../support/fake-host-stage.ts';

let stage: Stage;

beforeEach(() => {
  stage = twoRouters();
});

afterEach(() => stage.close());

const tunnels = [sites()];
const timeout = 60_000;

function warnings(events: readonly Unstamped[]): readonly string[] {
  return events.flatMap((event) => (event.type === 'host-warning' ? [`${event.host}: ${event.message}`] : [])).toSorted();
}

describe('what a host decided when it had lost its run', () => {
  it('is told by every run until one changes something there', { timeout }, async () => {
    let isLost = false;
    const lose = (host: string, sort: string) => {
      if (sort !== 'apply') return undefined;
      isLost = true;
      return host === 'router-a' ? 'killed' : 'after';
    };
    await stage.run({ tunnels, deadlineSeconds: 3, owner: 'ada@desk', faults: { lose, isReachable: () => !isLost } });
    await until(() => stage.littered.length === 0, 30);
    const told = [
      expect.stringMatching(/^router-a: rolled gre1 back by itself at the deadline of «ada@desk», \d+ s ago$/),
      expect.stringMatching(/^router-b: rolled gre1 back by itself as soon as it lost «ada@desk», \d+ s ago$/),
    ];
    expect(warnings((await stage.run({ tunnels, command: 'plan', isCheck: true })).events)).toEqual(told);
    expect(warnings((await stage.run({ tunnels, command: 'verify' })).events)).toEqual(told);
    expect(warnings((await stage.run({ tunnels })).events)).toEqual(told);
    expect(warnings((await stage.run({ tunnels })).events)).toEqual([]);
  });

  it('is nothing where the run itself rolled it back', { timeout }, async () => {
    await stage.run({ tunnels });
    expect(warnings((await stage.run({ tunnels, command: 'down' })).events)).toEqual([]);
  });
});

describe('the words of what a host decided', () => {
  const decision: LoneDecision = { tunnel: 'gre1', verdict: 'undone', by: 'timer', ageSeconds: 7_300, afterSeconds: 14, owner: 'ada@desk' };
  const told = (decisions: readonly LoneDecision[], before: readonly LoneDecision[] = []) => {
    const events: Unstamped[] = [];
    tellLoneDecisions(anObservedHost({ decisions }), { report: (event) => events.push(event) }, before);
    return events.flatMap((event) => (event.type === 'host-warning' ? [event.message] : []));
  };

  it('say how long the run had been lost', () => {
    expect(told([decision])).toEqual(['rolled gre1 back by itself 14 s after it lost «ada@desk», 2 h ago']);
  });

  it('put the tunnels of one moment together', () => {
    const many = ['gre1', 'gre2', 'gre3', 'gre4', 'gre5'].map((tunnel) => ({ ...decision, tunnel, verdict: 'kept' as const, ageSeconds: 61 }));
    expect(told(many)).toEqual(['kept what was done to gre1, gre2, gre3 and 2 more by itself 14 s after it lost «ada@desk», 1 min ago']);
  });

  it('leave out what was told before', () => {
    expect(told([decision, { ...decision, by: 'next-run', ageSeconds: 3 }], [decision])).toEqual([
      'rolled gre1 back by itself when the next run found what was left of «ada@desk», 3 s ago',
    ]);
  });
});

import { afterAll, describe, expect, test } from 'vitest';
import { brokenProtocols, type Claim, theorems, windows } from './claims.ts';
import { type Exploration, explore, type Violation } from './explore.ts';
import { protocol, type Rules } from './rules.ts';

const TIMEOUT_MS = 120_000;
const explored = { states: 0, transitions: 0 };

afterAll(() => {
  process.stdout.write(`the model of the transaction: ${explored.states} states, ${explored.transitions} transitions\n`);
});

function exploreClaim({ kind, faults }: Claim, broken: { readonly without?: Partial<Rules> } = {}): Exploration {
  const stopAtFirst = broken.without !== undefined;
  const exploration = explore({ kind, faults: new Set(faults), rules: { ...protocol, ...broken.without } }, { stopAtFirst });
  explored.states += exploration.states;
  explored.transitions += exploration.transitions;
  return exploration;
}

function told({ law, trace }: Violation): string {
  return [`${law}:`, ...trace.map((words) => `  ${words}`)].join('\n');
}

function isWithin(inner: Claim, outer: Claim): boolean {
  return inner.kind === outer.kind && inner.faults.every((fault) => outer.faults.includes(fault));
}

describe('no order of events breaks a law:', () => {
  test.each(theorems.map((claim) => [claim.title, claim.faults.join(', '), claim] as const))(
    '%s (%s)',
    (_title, _faults, claim) => {
      expect(exploreClaim(claim).violations.map(told)).toEqual([]);
    },
    TIMEOUT_MS,
  );
});

test(
  'where a law can be broken, it is written down how',
  async () => {
    const found = windows.map((claim) => ({ claim, traces: exploreClaim(claim).violations.map(told) }));
    expect(found.filter(({ traces }) => traces.length === 0).map(({ claim }) => claim.title)).toEqual([]);
    const texts = found.map(({ claim, traces }) => [`# ${claim.kind}: ${claim.title}`, ...traces].join('\n\n'));
    await expect(`${texts.join('\n\n')}\n`).toMatchFileSnapshot('known-windows.txt');
  },
  TIMEOUT_MS,
);

describe('the explorer finds a protocol out in which', () => {
  test.each(brokenProtocols.map((claim) => [claim.title, claim] as const))(
    '%s',
    (_title, claim) => {
      const { violations } = exploreClaim(claim, claim);
      const isSoundOtherwise = theorems.some((theorem) => isWithin(claim, theorem));
      const known = isSoundOtherwise ? [] : exploreClaim(claim, { without: {} }).violations;
      expect(violations.length).toBeGreaterThan(0);
      expect(violations.map(told)).not.toEqual(known.map(told));
    },
    TIMEOUT_MS,
  );
});

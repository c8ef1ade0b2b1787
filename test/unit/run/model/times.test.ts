import { expect, test } from 'vitest';
import { journalText, secondRoundSeconds, settleAfterSeconds } from '../../../../src/script/journal.ts';

/** The rule `evictsInTime`. */
test('a timer has taken the mutex by force before any peer decides alone', () => {
  const tries = /tunorch_insist\(\) \{ for n in ([\d ]+);/.exec(journalText({ host: 'a', run: 'r', tunnels: [] }))?.[1]?.split(' ').length ?? 0;
  expect(settleAfterSeconds(0, 1)).toBeGreaterThan(tries);
});

test('a host decides after every other’s deadline, however far apart they were prepared', () => {
  expect(settleAfterSeconds(42, 1)).toBeGreaterThan(42);
});

/** The rule `asksInTurn`: three pings a second apart, the last of which waits a second. */
test('the second end of a removal asks when the first has asked and removed', () => {
  const leastApart = (skew: number, tunnels: number) => settleAfterSeconds(skew, tunnels) - skew + secondRoundSeconds(tunnels);
  expect(leastApart(0, 1)).toBeGreaterThan(3 + 3);
  expect(leastApart(42, 100)).toBeGreaterThan(3 + 100 / 5);
});

import { expect, test } from 'vitest';
import { journalText, settleAfterSeconds } from '../../../../src/script/journal.ts';

/** The rule `evictsInTime`. */
test('a timer has taken the mutex by force before any peer decides alone', () => {
  const tries = /tunorch_insist\(\) \{ for n in ([\d ]+);/.exec(journalText({ host: 'a', run: 'r', tunnels: [] }))?.[1]?.split(' ').length ?? 0;
  expect(settleAfterSeconds(0, 1)).toBeGreaterThan(tries);
});

test('a host decides after every other’s deadline, however far apart they were prepared', () => {
  expect(settleAfterSeconds(42, 1)).toBeGreaterThan(42);
});

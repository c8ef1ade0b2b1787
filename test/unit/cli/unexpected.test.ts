import { expect, it } from 'vitest';
import { unexpectedWords } from '../../../src/cli/unexpected.ts';

it('an error of tunorch itself is shown with its stack, and does not say that the hosts are as they were', () => {
  const words = unexpectedWords(new TypeError('no \u001b[31mred'));
  expect(words).toMatch(/^TypeError: no red\n {4}at /);
  expect(words).toContain('has not looked at the hosts again');
  expect(words).toContain('roll back by themselves');
});

it('what was thrown and is no Error is shown all the same', () => {
  expect(unexpectedWords('out of cheese')).toMatch(/^out of cheese\n/);
});

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Secret } from '../../../../src/domain/secret.ts';
import { Deadline } from '../../../../src/transport/ssh/deadline.ts';
import { oneAtATime } from '../../../../src/transport/ssh/prompter.ts';

describe('a deadline', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test('expires once its time is over', () => {
    const expire = vi.fn();
    const deadline = new Deadline(1000, expire);
    vi.advanceTimersByTime(999);
    expect(expire).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(expire).toHaveBeenCalledOnce();
    deadline.stop();
  });

  test('stands still while somebody is asked, also by two questions at once', async () => {
    const expire = vi.fn();
    const deadline = new Deadline(1000, expire);
    vi.advanceTimersByTime(600);
    const wait = (milliseconds: number) => deadline.without(() => new Promise<void>((resolve) => setTimeout(resolve, milliseconds)));
    const questions = Promise.all([wait(5000), wait(9000)]);
    await vi.advanceTimersByTimeAsync(9000);
    await questions;
    await vi.advanceTimersByTimeAsync(399);
    expect(expire).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(expire).toHaveBeenCalledOnce();
  });
});

test('a deadline that was stopped while somebody is asked does not come back', async () => {
  vi.useFakeTimers();
  const expire = vi.fn();
  const deadline = new Deadline(1000, expire);
  const asked = deadline.without(() => new Promise<void>((resolve) => setTimeout(resolve, 10)));
  deadline.stop();
  await vi.advanceTimersByTimeAsync(5000);
  await asked;
  expect(expire).not.toHaveBeenCalled();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

test('questions are put one after the other, also when one fails', async () => {
  const open: string[] = [];
  const finish: (() => void)[] = [];
  const put = (question: string) => {
    open.push(question);
    return new Promise<string>((resolve, reject) => {
      finish.push(() => {
        open.splice(open.indexOf(question), 1);
        if (question === 'second') reject(new Error('dismissed'));
        else resolve(`${question}!`);
      });
    });
  };
  const prompter = oneAtATime({ ask: put, askSecret: async (question) => new Secret(await put(question)) });
  const answers = Promise.allSettled([prompter.ask('first'), prompter.ask('second'), prompter.askSecret('third')]);
  for (const question of ['first', 'second', 'third']) {
    await vi.waitFor(() => expect(open).toEqual([question]));
    finish.shift()?.();
  }
  expect((await answers).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
});

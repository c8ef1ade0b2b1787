import { describe, expect, it } from 'vitest';
import { withLock } from '../../../src/lab/lock.ts';

describe('withLock', () => {
  it('lets one work after the other, and tells the second that it waits', async () => {
    const order: string[] = [];
    const subject = `test-${process.pid}-${Math.random()}`;
    const gate = resolvers();
    const first = withLock(
      subject,
      () => order.push('first waits'),
      () => gate.promise.then(() => order.push('first')),
    );
    const second = withLock(
      subject,
      () => order.push('second waits') && gate.resolve(),
      async () => order.push('second'),
    );
    await Promise.all([first, second]);
    expect(order).toEqual(['second waits', 'first', 'second']);
  });

  it('is free again after work that failed', async () => {
    const subject = `test-${process.pid}-${Math.random()}`;
    await expect(
      withLock(
        subject,
        () => undefined,
        () => Promise.reject(new Error('no')),
      ),
    ).rejects.toThrow('no');
    expect(
      await withLock(
        subject,
        () => undefined,
        async () => 'done',
      ),
    ).toBe('done');
  });
});

function resolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

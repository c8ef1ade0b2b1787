/** Of the first end of a tunnel and of the second. */
export type Both<Value> = readonly [Value, Value];

/** Does something at both ends at once. Waits for both even where one fails: a session takes one phase at a time, and others may follow. */
export async function atBoth<End, Result>([first, second]: Both<End>, ask: (end: End, index: 0 | 1) => Promise<Result>): Promise<Both<Result>> {
  const asked = [ask(first, 0), ask(second, 1)] as const;
  await Promise.allSettled(asked);
  return Promise.all(asked);
}

/** Outages of so long ago are forgiven. */
const REMEMBERED_MS = 10 * 60_000;
/** However often it went down, a tunnel that answers for so long is up. */
const LONGEST_HOLD_MS = 5 * 60_000;

/**
 * How long a tunnel that went down has to answer before it is called up again.
 *
 * After the first outage in ten minutes: no time. For each one more, twice as long: 2, 4, 8 … intervals, five minutes at most. So an
 * outage is always told in time, and what a tunnel that flaps has to tell becomes rare.
 *
 * @param outages - when each began, the present one too; milliseconds
 */
export function holdMs(outages: readonly number[], { at, intervalMs }: { readonly at: number; readonly intervalMs: number }): number {
  const lately = outages.filter((began) => at - began < REMEMBERED_MS).length;
  return lately < 2 ? 0 : Math.min(LONGEST_HOLD_MS, intervalMs * 2 ** (lately - 1));
}

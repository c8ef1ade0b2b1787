import type { ObservedHost } from '../domain/observed.ts';
import { HostFailure } from '../errors/host-failure.ts';
import { gatherScript } from '../facts/observe.ts';
import { declaredHost, openingOutput, understood } from './gather.ts';
import { memberOf, type Transaction } from './transaction.ts';

const TRY_EVERY_MS = 1_000;

/**
 * Waits until a host that was lost answers again and `isSettled` holds of its facts, at most until its own timer has
 * settled everything.
 *
 * @returns the last facts seen, settled or not; undefined where it was never reached again
 */
export async function meetAgain(
  host: string,
  transaction: Transaction,
  isSettled: (observed: ObservedHost) => boolean,
): Promise<ObservedHost | undefined> {
  const { world, expiresAt } = transaction;
  let last: ObservedHost | undefined;
  do {
    last = (await lookAt(host, transaction)) ?? last;
    if (last !== undefined && isSettled(last)) return last;
    await world.sleep(TRY_EVERY_MS);
  } while (world.now() < expiresAt);
  return (await lookAt(host, transaction)) ?? last;
}

async function lookAt(host: string, transaction: Transaction): Promise<ObservedHost | undefined> {
  const { questions } = memberOf(transaction, host);
  try {
    const { request, world } = transaction;
    const session = await world.transport.connect(declaredHost(host, request), undefined, gatherScript(questions));
    try {
      return understood(questions, session, await openingOutput(session));
    } finally {
      await session.close();
    }
  } catch (error) {
    if (error instanceof HostFailure) return undefined;
    throw error;
  }
}

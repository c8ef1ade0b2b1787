import { HostFailure } from '../../errors/host-failure.ts';
import type { Session } from '../../transport/transport.ts';
import type { Expectation } from '../../verify/expectation.ts';
import { reconnectAfterMs } from '../../watch/backoff.ts';
import { isReady, ROUND, readRound, roundFunctions } from '../../watch/round.ts';
import { orFailure } from '../crew.ts';
import { declaredHost, openingOutput } from '../gather.ts';
import { missingProgram } from '../host-refusals.ts';
import type { InTurn } from '../world.ts';
import type { Board } from './board.ts';
import type { WatchRequest, WatchWorld } from './watch-world.ts';

/** A little less than the interval, so that what the way to the host takes is made up for, and an outage is told in time. */
const PACE = 0.97;
/** A round is done in a second; a host that takes longer than this is not heard from again. */
const LEAST_ROUND_TIMEOUT_MS = 10_000;
/** What a ping says, counters and marks, with room. */
const BYTES_A_TUNNEL = 4096;

/** What every host of a watch is given. */
export interface Watching {
  readonly request: WatchRequest;
  readonly world: WatchWorld;
  readonly board: Board;
  /** Connections that are made side by side. */
  readonly inTurn: InTurn;
}

/** Watches the ends on one host until the watch is interrupted: a session as long as it holds, then another. */
export async function watchHost(host: string, expectations: readonly Expectation[], watching: Watching): Promise<void> {
  const { world, board } = watching;
  for (let failed = 1; !world.interrupt.aborted; failed++) {
    let rounds = 0;
    const ending = await orFailure(attend(host, expectations, { ...watching, onRound: () => (rounds += 1) }));
    if (!(ending instanceof HostFailure) || world.interrupt.aborted) return;
    if (rounds > 0) failed = 1;
    board.lose(host, ending);
    await world.rest(reconnectAfterMs({ number: failed, isRetryable: ending.isRetryable || rounds > 0, jitter: world.jitter() }));
  }
}

/** One session, round by round. @throws HostFailure */
async function attend(host: string, expectations: readonly Expectation[], watching: Watching & { readonly onRound: () => void }): Promise<void> {
  const { world, inTurn, request } = watching;
  const session = await inTurn(() => world.transport.connect(declaredHost(host, request.run), world.interrupt, roundFunctions(expectations)));
  const leave = () => void session.close();
  world.interrupt.addEventListener('abort', leave);
  try {
    if (!isReady(await openingOutput(session))) throw missingProgram(host, 'ping');
    await goRound(session, expectations, watching);
  } finally {
    world.interrupt.removeEventListener('abort', leave);
    await session.close();
  }
}

async function goRound(
  session: Session,
  expectations: readonly Expectation[],
  { world, board, request, onRound }: Watching & { readonly onRound: () => void },
): Promise<void> {
  const paceMs = request.intervalSeconds * 1000 * PACE;
  const limits = { timeoutMs: Math.max(LEAST_ROUND_TIMEOUT_MS, 2 * paceMs), maxBytes: 65_536 + BYTES_A_TUNNEL * expectations.length };
  while (!world.interrupt.aborted) {
    const startedAt = world.now();
    const { stdout } = await session.run(ROUND, limits);
    board.see(session.host, readRound(expectations, stdout));
    onRound();
    await world.rest(Math.max(0, startedAt + paceMs - world.now()));
  }
}

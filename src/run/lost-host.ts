import type { ObservedHost } from '../domain/observed.ts';
import { HostFailure } from '../errors/host-failure.ts';
import { gatherScript } from '../facts/observe.ts';
import { readRejoined, rejoinScript } from '../script/rejoin.ts';
import type { Settled, Verdict } from '../script/settle.ts';
import type { Session } from '../transport/transport.ts';
import { orFailure } from './crew.ts';
import { declaredHost, openingOutput, understood } from './gather.ts';
import { sendVerdicts } from './settle-tunnels.ts';
import { type ArmedTransaction, isRemoval, mayOrder, memberOf, scriptOf, type TunnelProgress } from './transaction.ts';

const TRY_EVERY_MS = 1_000;

/** A host as it was found again. */
export interface Sight {
  readonly observed: ObservedHost;
  /** What it did with the verdict; absent where it had already decided, or decides alone. */
  readonly settled?: Settled;
  /** Nothing more will happen there by itself. */
  readonly isDecided: boolean;
}

/** What a host that was lost is to do with a tunnel. */
interface Order {
  readonly tunnel: TunnelProgress;
  readonly verdict: Verdict;
  /** When to give up, in milliseconds since the epoch. A commit that is under way then is broken off: its peer has to be taken back in time. */
  readonly until: number;
}

/**
 * Tells a host that was lost what to do with a tunnel, over new connections, until it has done it or decided alone. When
 * hosts may decide alone it is told nothing any more, only looked at.
 *
 * @returns how it was last seen; undefined where it was never reached again
 */
export async function tellAgain(host: string, transaction: ArmedTransaction, order: Order): Promise<Sight | undefined> {
  const { world } = transaction;
  const patience = order.verdict === 'commit' ? AbortSignal.timeout(Math.max(0, order.until - world.now())) : undefined;
  for (let last: Sight | undefined; ; await world.sleep(TRY_EVERY_MS)) {
    const seen = await orFailure(visit(host, transaction, { order, patience }));
    if (!(seen instanceof HostFailure)) last = seen;
    if (last?.isDecided === true || world.now() >= order.until) return last;
  }
}

async function visit(
  host: string,
  transaction: ArmedTransaction,
  { order, patience }: { readonly order: Order; readonly patience: AbortSignal | undefined },
): Promise<Sight> {
  const { request, world } = transaction;
  const { questions } = memberOf(transaction, host);
  const opening = rejoinScript(scriptOf(transaction, host), gatherScript(questions));
  const session = await world.transport.connect(declaredHost(host, request), patience, opening);
  const leave = () => void session.close();
  patience?.addEventListener('abort', leave);
  try {
    const output = await openingOutput(session);
    const rejoined = readRejoined(output);
    if (rejoined !== 'open' || !mayOrder(transaction)) return { observed: understood(questions, session, output), isDecided: rejoined === 'gone' };
    return await settleThere(session, transaction, order);
  } finally {
    patience?.removeEventListener('abort', leave);
    await session.close();
  }
}

const DECIDED: ReadonlySet<Settled> = new Set(['committed', 'undone', 'left']);

async function settleThere(session: Session, transaction: ArmedTransaction, { tunnel, verdict }: Order): Promise<Sight> {
  const { host } = session;
  const { name } = tunnel.plan.tunnel;
  const verdicts = new Map([[name, { verdict, from: isRemoval(tunnel.plan) ? ('armed' as const) : ('tentative' as const) }]]);
  const { settled, after } = await sendVerdicts({ ...memberOf(transaction, host), session }, scriptOf(transaction, host), {
    verdicts,
    mustLook: true,
  });
  const outcome = settled.get(name);
  if (after === undefined) throw new Error(`${host} was not looked at`);
  return { observed: after, isDecided: outcome !== undefined && DECIDED.has(outcome), ...(outcome === undefined ? {} : { settled: outcome }) };
}

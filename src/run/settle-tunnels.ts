import type { ObservedHost } from '../domain/observed.ts';
import type { HostFailure } from '../errors/host-failure.ts';
import { gatherScript } from '../facts/observe.ts';
import type { HostScript } from '../script/journal.ts';
import { readSettled, type Settled, settleScript, type Verdict } from '../script/settle.ts';
import { type Member, onEach, orFailure, type PerHost } from './crew.ts';
import { understood } from './gather.ts';
import { byHost, endsOf } from './groups.ts';
import {
  type ArmedTransaction,
  commitsEndAt,
  isLeft,
  isRemoval,
  memberOf,
  type Progress,
  scriptOf,
  type Transaction,
  type TunnelProgress,
} from './transaction.ts';

/** What one host did with the verdicts, and how it stands now where something was rolled back. */
export interface Settlement {
  readonly settled: ReadonlyMap<string, Settled>;
  readonly after?: ObservedHost;
}

/** Commits the sound tunnels and rolls the others back, both ends of each, on all hosts at once. */
export async function settleTunnels(transaction: ArmedTransaction, progress: Progress, hosts: readonly string[]): Promise<PerHost<Settlement>> {
  const verdicts = (name: string): Verdict => {
    const tunnel = progress.get(name);
    if (tunnel?.problems.length === 0) return 'commit';
    return tunnel !== undefined && isLeft(transaction, tunnel) ? 'leave' : 'roll-back';
  };
  const tunnels = byHost(progress.values(), ({ plan }) => endsOf(plan.tunnel));
  const isUndoing = (host: string) => tunnels.get(host)?.some(({ plan }) => verdicts(plan.tunnel.name) === 'roll-back') === true;
  const reachable = hosts.filter((host) => tunnels.has(host));
  const { world } = transaction;
  const settle = (host: string) => settleOn(host, transaction, { mine: tunnels.get(host) ?? [], verdicts });
  const [undoing, committing] = await Promise.all([
    onEach(reachable.filter(isUndoing), { phase: 'roll-back', world }, settle),
    onEach(
      reachable.filter((host) => !isUndoing(host)),
      { phase: 'commit', world },
      settle,
    ),
  ]);
  return new Map([...undoing, ...committing]);
}

/** Rolls a committed tunnel back again on a host whose peer did not confirm its own. */
export async function takeBack(transaction: Transaction, host: string, tunnel: string): Promise<Settlement | HostFailure> {
  const verdicts = new Map([[tunnel, { verdict: 'roll-back', from: 'armed' } as const]]);
  return orFailure(sendVerdicts(memberOf(transaction, host), scriptOf(transaction, host), { verdicts, mustLook: true }));
}

async function settleOn(
  host: string,
  transaction: ArmedTransaction,
  { mine, verdicts }: { readonly mine: readonly TunnelProgress[]; readonly verdicts: (name: string) => Verdict },
): Promise<Settlement> {
  const orders = new Map(
    mine.map(({ plan }) => [plan.tunnel.name, { verdict: verdicts(plan.tunnel.name), from: isRemoval(plan) ? 'armed' : 'tentative' } as const]),
  );
  const mustLook = [...orders.values()].some(({ verdict }) => verdict !== 'commit');
  const commits = [...orders.values()].some(({ verdict }) => verdict === 'commit');
  return sendVerdicts(memberOf(transaction, host), scriptOf(transaction, host), {
    verdicts: orders,
    mustLook,
    ...(commits ? { waitMs: Math.max(LEAST_WAIT_MS, commitsEndAt(transaction) - transaction.world.now()) } : {}),
  });
}

/** What a host that was told to commit may take to say so, even where the time is short. */
const LEAST_WAIT_MS = 500;

export interface Orders {
  readonly verdicts: ReadonlyMap<string, { readonly verdict: Verdict; readonly from: 'armed' | 'tentative' }>;
  /** Whether facts are gathered again afterwards. */
  readonly mustLook: boolean;
  /** How long an answer is waited for; a commit must not be waited for until its peer cannot be taken back any more. */
  readonly waitMs?: number;
}

export async function sendVerdicts(
  { session, questions }: Pick<Member, 'session' | 'questions'>,
  script: HostScript,
  { verdicts, mustLook, waitMs }: Orders,
): Promise<Settlement> {
  const text = [settleScript(script, verdicts), ...(mustLook ? [gatherScript(questions)] : [])].join('\n');
  const reply = await session.run(text, waitMs === undefined ? {} : { timeoutMs: waitMs });
  const settled = readSettled(script, reply.stdout);
  return mustLook ? { settled, after: understood(questions, session, reply.stdout) } : { settled };
}

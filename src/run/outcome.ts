import type { ObservedHost } from '../domain/observed.ts';
import type { Problem } from '../domain/problem.ts';
import { HostFailure } from '../errors/host-failure.ts';
import { planAbsence, planPresence } from '../plan/plan-tunnel.ts';
import { inverseCommands } from '../script/inverse.ts';
import type { PerHost } from './crew.ts';
import type { TunnelOutcome, TunnelRecap } from './events.ts';
import { meetAgain } from './lost-host.ts';
import { unproved } from './prove.ts';
import { type Settlement, takeBack } from './settle-tunnels.ts';
import { isRemoval, memberOf, type Transaction, type TunnelProgress } from './transaction.ts';

/** What became of one tunnel, after its two hosts settled it or failed to. */
export async function concludeTunnel(transaction: Transaction, progress: TunnelProgress, settlements: PerHost<Settlement>): Promise<TunnelRecap> {
  if (!progress.isBegun) return untouched(progress);
  if (progress.problems.length > 0) return conclude(transaction, progress, settlements);
  const unconfirmed = progress.plan.tunnel.endpoints.map(({ host }) => host).filter((host) => !isCommitted(progress, settlements.get(host)));
  if (unconfirmed.length === 0) return recap(progress, 'changed', { problems: [] });
  return resolveDoubt(transaction, progress, { settlements, unconfirmed });
}

/** Nothing was changed: exit 4 where a host was the reason, else 1. */
export function untouched({ plan, problems }: Pick<TunnelProgress, 'plan' | 'problems'>): TunnelRecap {
  return { tunnel: plan.tunnel.name, outcome: problems.some(isHostProblem) ? 'unreachable' : 'failed', changes: 0, problems };
}

/** Codes of hosts that cannot be worked with, as against tunnels that cannot be made. */
export function isHostProblem({ code }: Problem): boolean {
  return /^(ssh|become|shell|host|run)\./.test(code);
}

/**
 * One end may have committed and the other not: the silent one is asked again until its own timer has settled it. If it
 * kept the tunnel, both have it; if not, the committed end is taken back.
 */
async function resolveDoubt(
  transaction: Transaction,
  progress: TunnelProgress,
  { settlements, unconfirmed }: { readonly settlements: PerHost<Settlement>; readonly unconfirmed: readonly string[] },
): Promise<TunnelRecap> {
  const kept = await Promise.all(unconfirmed.map((host) => keptItself(host, transaction, { progress, settlement: settlements.get(host) })));
  if (kept.every((isKept) => isKept)) return recap(progress, 'changed', { problems: [] });
  const { name, endpoints } = progress.plan.tunnel;
  const confirmed = endpoints.map(({ host }) => host).filter((host) => !unconfirmed.includes(host));
  const takenBack = await Promise.all(confirmed.map(async (host) => [host, await takeBack(transaction, host, [name])] as const));
  const doubt: Problem = {
    code: 'commit.in-doubt',
    ...(unconfirmed[0] === undefined ? {} : { host: unconfirmed[0] }),
    message: `${unconfirmed.join(' and ')} did not confirm the commit${confirmed.length === 0 ? '' : `, so ${confirmed.join(' and ')} was rolled back`}`,
    hint: 'Look at the connection to the host, then run again.',
  };
  return conclude(transaction, { ...progress, problems: [doubt] }, new Map([...settlements, ...takenBack]));
}

/** A `lost` report or a host that fell silent: does it carry its end of the tunnel after all? */
async function keptItself(
  host: string,
  transaction: Transaction,
  { progress, settlement }: { readonly progress: TunnelProgress; readonly settlement: Settlement | HostFailure | undefined },
): Promise<boolean> {
  if (settlement !== undefined && !(settlement instanceof HostFailure)) return false;
  const holds = (observed: ObservedHost) => !hasPending(progress, host, { observed, transaction });
  const observed = await meetAgain(host, transaction, holds);
  return observed !== undefined && holds(observed);
}

function hasPending(
  { plan }: TunnelProgress,
  host: string,
  { observed, transaction }: { readonly observed: ObservedHost; readonly transaction: Transaction },
): boolean {
  const hosts = new Map([...transaction.crew].map(([name, member]) => [name, name === host ? observed : member.observed]));
  const again = isRemoval(plan)
    ? planAbsence(plan.tunnel, { hosts, addresses: transaction.request.addresses, foreignDevices: 'refuse' })
    : planPresence(plan.tunnel, { hosts, addresses: transaction.request.addresses, foreignDevices: 'refuse' });
  return again.problems.length > 0 || again.steps.some((step) => step.host === host);
}

function isCommitted({ plan }: TunnelProgress, settlement: Settlement | HostFailure | undefined): boolean {
  return settlement !== undefined && !(settlement instanceof HostFailure) && settlement.settled.get(plan.tunnel.name) === 'committed';
}

/** Compares both hosts with their snapshots; a host that was lost is met again when its timer must have fired. */
async function conclude(transaction: Transaction, progress: TunnelProgress, settlements: PerHost<Settlement>): Promise<TunnelRecap> {
  const { plan } = progress;
  const proofs = await Promise.all(
    plan.tunnel.endpoints.map(({ host }) => proveHost(host, transaction, { progress, settlement: settlements.get(host) })),
  );
  const open = proofs.filter(({ problem }) => problem !== undefined);
  const problems = [...progress.problems, ...open.flatMap(({ problem }) => problem ?? [])];
  for (const { host } of proofs.filter(({ problem }) => problem === undefined)) tellUndone(transaction, progress, host);
  if (open.length === 0) return { ...recap(progress, 'rolled-back', { problems }), isProved: true };
  const leftToType = open.map(({ host }) => ({ host, commands: inverseCommands(plan.steps.filter((step) => step.host === host)) }));
  return { ...recap(progress, 'rollback-incomplete', { problems }), isProved: false, leftToType };
}

async function proveHost(
  host: string,
  transaction: Transaction,
  { progress, settlement }: { readonly progress: TunnelProgress; readonly settlement: Settlement | HostFailure | undefined },
): Promise<{ readonly host: string; readonly problem?: Problem }> {
  const before = memberOf(transaction, host).observed;
  const differences = (after: ObservedHost) => unproved(progress.plan, host, { before, after });
  const seen = settlement === undefined || settlement instanceof HostFailure ? undefined : settlement.after;
  const after = seen ?? (await meetAgain(host, transaction, (observed) => differences(observed).length === 0));
  if (after === undefined) return { host, problem: silent(host) };
  const left = differences(after);
  return left.length === 0
    ? { host }
    : {
        host,
        problem: different(
          host,
          left.map(({ text }) => text),
        ),
      };
}

function tellUndone({ world }: Transaction, { plan }: TunnelProgress, host: string): void {
  for (const { title } of plan.steps.filter((step) => step.host === host).toReversed()) {
    world.report({ type: 'step', tunnel: plan.tunnel.name, host, title, state: 'rolled-back' });
  }
}

function silent(host: string): Problem {
  return {
    code: 'rollback.unproved',
    host,
    message: 'it could not be reached again to see whether its own timer rolled it back',
    hint: 'When it is back, run `tunorch plan`; the commands below bring it back by hand.',
  };
}

function different(host: string, left: readonly string[]): Problem {
  return {
    code: 'rollback.differs',
    host,
    message: 'it is not as it was before the run',
    hint: 'The commands below bring it back; run `tunorch plan` afterwards.',
    words: left.join('\n'),
  };
}

function recap({ plan }: TunnelProgress, outcome: TunnelOutcome, { problems }: { readonly problems: readonly Problem[] }): TunnelRecap {
  return { tunnel: plan.tunnel.name, outcome, changes: plan.changes.length, problems };
}

import type { ObservedHost } from '../domain/observed.ts';
import type { Problem } from '../domain/problem.ts';
import { HostFailure } from '../errors/host-failure.ts';
import { planAbsence, planPresence, type TunnelPlan } from '../plan/plan-tunnel.ts';
import type { SnapshotDifference } from '../plan/snapshot.ts';
import { inverseCommands } from '../script/inverse.ts';
import type { PerHost } from './crew.ts';
import { drawKeys } from './draw-keys.ts';
import type { TunnelOutcome, TunnelRecap } from './events.ts';
import { type Sight, tellAgain } from './lost-host.ts';
import { differs, inDoubt, leftAsIs, notDecided, notMetAgain } from './problems.ts';
import { unproved } from './prove.ts';
import { type Settlement, takeBack } from './settle-tunnels.ts';
import { type ArmedTransaction, commitsEndAt, isLeft, isRemoval, mayOrder, memberOf, type TunnelProgress } from './transaction.ts';

/** What became of one tunnel, after its two hosts settled it or failed to. */
export async function concludeTunnel(
  transaction: ArmedTransaction,
  progress: TunnelProgress,
  settlements: PerHost<Settlement>,
): Promise<TunnelRecap> {
  if (!progress.isBegun) return untouched(progress);
  if (progress.problems.length > 0) return proveRollback(transaction, progress, settlements);
  const unconfirmed = hostsOfTunnel(progress).filter((host) => !isCommitted(progress, settlements.get(host)));
  if (!mayOrder(transaction)) return proveRollback(transaction, { ...progress, problems: [inDoubt(hostsOfTunnel(progress), [])] }, new Map());
  return unconfirmed.length === 0 ? recap(progress, 'changed', []) : resolveDoubt(transaction, progress, unconfirmed);
}

/** Nothing was changed: exit 4 where a host was the reason, else 1. */
export function untouched({ plan, problems }: { readonly plan: Pick<TunnelPlan, 'tunnel'>; readonly problems: readonly Problem[] }): TunnelRecap {
  return { tunnel: plan.tunnel.name, outcome: problems.some(isHostProblem) ? 'unreachable' : 'failed', changes: 0, problems };
}

/** Codes of hosts that cannot be worked with, as against tunnels that cannot be made. */
export function isHostProblem({ code }: Problem): boolean {
  return /^(ssh|become|shell|host)\./.test(code);
}

/**
 * One end may have committed and the other not: the silent one is told again, until no host may decide alone yet. If it
 * confirms, both have the tunnel; if not, the committed end is taken back. What the hosts then really have is looked at.
 */
async function resolveDoubt(transaction: ArmedTransaction, progress: TunnelProgress, unconfirmed: readonly string[]): Promise<TunnelRecap> {
  const told = await Promise.all(
    unconfirmed.map((host) => tellAgain(host, transaction, { tunnel: progress, verdict: 'commit', until: commitsEndAt(transaction) })),
  );
  if (mayOrder(transaction) && told.every((sight) => sight?.settled === 'committed')) return recap(progress, 'changed', []);
  const confirmed = mayOrder(transaction) ? hostsOfTunnel(progress).filter((host) => !unconfirmed.includes(host)) : [];
  const takenBack = await Promise.all(confirmed.map(async (host) => [host, await takeBack(transaction, host, progress.plan.tunnel.name)] as const));
  return proveRollback(transaction, { ...progress, problems: [inDoubt(unconfirmed, confirmed)] }, new Map(takenBack));
}

/** Whether both hosts have what the run wanted: then a new plan finds nothing to do. */
function areAsWanted(proofs: readonly Proof[], transaction: ArmedTransaction, { plan }: TunnelProgress): boolean {
  const { crew, request, world } = transaction;
  const seen = new Map(proofs.map(({ host, observed }) => [host, observed]));
  const observation = {
    hosts: new Map([...crew].map(([host, member]) => [host, seen.get(host) ?? member.observed])),
    addresses: request.addresses,
    foreignDevices: 'refuse',
    keys: { drawn: drawKeys([plan.tunnel], world), isRenewed: false },
  } as const;
  const again = isRemoval(plan) ? planAbsence(plan.tunnel, observation) : planPresence(plan.tunnel, observation);
  return proofs.every(({ problem, observed }) => problem !== undefined && observed !== undefined) && isNothingToDo(again);
}

function isNothingToDo({ problems, steps }: TunnelPlan): boolean {
  return problems.length === 0 && steps.length === 0;
}

/** Both ends committed, and said so. */
export function isConfirmed(progress: TunnelProgress, settlements: PerHost<Settlement>): boolean {
  return progress.isBegun && progress.problems.length === 0 && hostsOfTunnel(progress).every((host) => isCommitted(progress, settlements.get(host)));
}

function isCommitted({ plan }: TunnelProgress, settlement: Settlement | HostFailure | undefined): boolean {
  return settlement !== undefined && !(settlement instanceof HostFailure) && settlement.settled.get(plan.tunnel.name) === 'committed';
}

/** What was found on a host: as it was, or why not. */
interface Proof {
  readonly host: string;
  /** When nothing more happens there by itself. */
  readonly observed?: ObservedHost;
  readonly problem?: Problem;
}

/** Compares both hosts with their snapshots; one that was lost, or decides alone, is asked again until it must have decided. */
async function proveRollback(transaction: ArmedTransaction, progress: TunnelProgress, settlements: PerHost<Settlement>): Promise<TunnelRecap> {
  const { plan } = progress;
  const proofs = await Promise.all(
    hostsOfTunnel(progress).map((host) => proveHost(host, transaction, { progress, settlement: settlements.get(host) })),
  );
  const open = proofs.filter(({ problem }) => problem !== undefined);
  if (areAsWanted(proofs, transaction, progress)) return recap(progress, 'changed', []);
  const problems = [...progress.problems, ...open.flatMap(({ problem }) => problem ?? [])];
  for (const { host } of proofs.filter(({ problem }) => problem === undefined)) tellUndone(transaction, progress, host);
  if (open.length === 0) return { ...recap(progress, 'rolled-back', problems), isProved: true };
  const leftToType = open.map(({ host }) => ({ host, commands: inverseCommands(plan.steps.filter((step) => step.host === host)) }));
  return { ...recap(progress, 'rollback-incomplete', problems), isProved: false, leftToType };
}

async function proveHost(
  host: string,
  transaction: ArmedTransaction,
  { progress, settlement }: { readonly progress: TunnelProgress; readonly settlement: Settlement | HostFailure | undefined },
): Promise<Proof> {
  const before = memberOf(transaction, host).observed;
  const left = hasLeft(progress, settlement);
  if (left !== undefined) return { host, ...leftProblem(host, unproved(progress.plan, host, { before, after: left })) };
  const sight =
    hasUndone(progress, settlement) ??
    (await tellAgain(host, transaction, {
      tunnel: progress,
      verdict: isLeft(transaction, progress) ? 'leave' : 'roll-back',
      until: transaction.decidedAt,
    }));
  if (sight === undefined) return { host, problem: notMetAgain(host) };
  if (!sight.isDecided) return { host, problem: notDecided(host) };
  const { observed } = sight;
  const differences = unproved(progress.plan, host, { before, after: observed });
  if (sight.settled === 'left') return { host, ...leftProblem(host, differences) };
  const different = differences.map(({ text }) => text);
  return different.length === 0 ? { host, observed } : { host, observed, problem: differs(host, different) };
}

/** The facts a host sent along with the news that it left the tunnel as the failure found it. */
function hasLeft({ plan }: TunnelProgress, settlement: Settlement | HostFailure | undefined): ObservedHost | undefined {
  if (settlement === undefined || settlement instanceof HostFailure) return undefined;
  return settlement.settled.get(plan.tunnel.name) === 'left' ? settlement.after : undefined;
}

function leftProblem(host: string, differences: readonly SnapshotDifference[]): { readonly problem?: Problem } {
  return differences.length === 0
    ? {}
    : {
        problem: leftAsIs(
          host,
          differences.map(({ text }) => text),
        ),
      };
}

/** The facts a host sent along with the news that it undid the tunnel. */
function hasUndone({ plan }: TunnelProgress, settlement: Settlement | HostFailure | undefined): Sight | undefined {
  if (settlement === undefined || settlement instanceof HostFailure || settlement.after === undefined) return undefined;
  return settlement.settled.get(plan.tunnel.name) === 'undone' ? { observed: settlement.after, isDecided: true } : undefined;
}

function hostsOfTunnel({ plan }: TunnelProgress): readonly string[] {
  return [...new Set(plan.tunnel.endpoints.map(({ host }) => host))];
}

function tellUndone({ world }: ArmedTransaction, { plan }: TunnelProgress, host: string): void {
  for (const { title } of plan.steps.filter((step) => step.host === host).toReversed()) {
    world.report({ type: 'step', tunnel: plan.tunnel.name, host, title, state: 'rolled-back' });
  }
}

function recap({ plan }: TunnelProgress, outcome: TunnelOutcome, problems: readonly Problem[]): TunnelRecap {
  return { tunnel: plan.tunnel.name, outcome, changes: plan.changes.length, problems };
}

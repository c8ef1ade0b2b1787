import type { Tunnel } from '../domain/tunnel.ts';
import type { TunnelPlan } from '../plan/plan-tunnel.ts';
import { finishScript } from '../script/settle.ts';
import { applyTunnels } from './apply-tunnels.ts';
import { type Crew, failures, isBusy, type Member, orFailure, type PerHost, successes } from './crew.ts';
import type { TunnelRecap } from './events.ts';
import { explainSilence } from './explain-silence.ts';
import { hostProblems, interruption } from './failure-problem.ts';
import { gather, gatherAnew } from './gather.ts';
import type { Group } from './groups.ts';
import { measurePaths } from './measure-paths.ts';
import { concludeTunnel, isConfirmed, untouched } from './outcome.ts';
import { isHeldUp, planGroup, planStrays, tellPlans } from './plan-group.ts';
import { prepareHosts, releaseHosts, startProgress } from './prepare-hosts.ts';
import { tooLate } from './problems.ts';
import { type Settlement, settleTunnels } from './settle-tunnels.ts';
import {
  type ArmedTransaction,
  armed,
  commitsEndAt,
  isLeft,
  mayOrder,
  memberOf,
  openTransaction,
  type Progress,
  scriptOf,
  type Transaction,
  type TunnelProgress,
  withProblems,
} from './transaction.ts';
import { unloadModules } from './unload-modules.ts';
import { verifyTunnels } from './verify-tunnels.ts';
import type { Context, InTurn, World } from './world.ts';

/** Brings the tunnels of one group to what is wanted: gather, plan, then one transaction for all that has to change. */
export async function convergeGroup(group: Group, context: Context, inTurn: InTurn): Promise<readonly TunnelRecap[]> {
  const gathered = await gather(group, context, inTurn);
  const crew = successes(gathered);
  try {
    const lost = unreachable(group, gathered);
    for (const recap of lost) context.world.report({ type: 'tunnel-finished', recap });
    return [...lost, ...(await planAndTransact(group, crew, context))];
  } finally {
    await Promise.all([...crew.values()].map(({ session }) => session.close()));
  }
}

/** Plans, and takes the hosts; where another run was faster, lets go of all of them, waits, and plans anew from what is there then. */
async function planAndTransact(group: Group, crew: Crew, context: Context): Promise<readonly TunnelRecap[]> {
  const startedAt = context.world.now();
  for (let attempt = 1, current = crew; ; attempt++) {
    const first = planGroup(group, current, context);
    if (first.some(isHeldUp) && mayWait(startedAt, context)) {
      current = await gatherLater(current, context.world);
      continue;
    }
    const measured = await measurePaths(first, current, context);
    const wanted = measured === current ? first : planGroup(group, measured, context);
    tellPlans(wanted, context);
    const plans = [...wanted, ...planStrays(measured, { context, isFirst: attempt === 1 })];
    const work = plans.filter((plan) => isWork(plan, context));
    const transaction = openTransaction(work, measured, context);
    const prepared = await prepareHosts(transaction);
    const pauseMs = pauseBeforeRetry(prepared, { attempt, startedAt, context });
    if (pauseMs === undefined) return conclude(plans, armed(transaction), prepared);
    await releaseHosts(transaction, prepared);
    await context.world.sleep(pauseMs);
    current = await gatherAnew(current, context.world);
  }
}

const MOST_REPLANS = 3;

/** Undefined where the run goes on with what it has. No host is held while waiting, so runs never wait for each other in a circle. */
function pauseBeforeRetry(
  prepared: PerHost<true>,
  { attempt, startedAt, context }: { readonly attempt: number; readonly startedAt: number; readonly context: Context },
): number | undefined {
  const { world } = context;
  const found = [...failures(prepared).values()];
  if (world.interrupt.aborted || !found.every(isBusy)) return undefined;
  if (found.some(({ code }) => code === 'host.locked')) return mayWait(startedAt, context) ? shortWhileMs(world) : undefined;
  return found.length > 0 && attempt <= MOST_REPLANS ? 0 : undefined;
}

function mayWait(startedAt: number, { world, request }: Context): boolean {
  return !world.interrupt.aborted && world.now() - startedAt < request.lockWaitSeconds * 1000;
}

function shortWhileMs(world: World): number {
  return 300 + 700 * world.jitter();
}

async function gatherLater(crew: Crew, world: World): Promise<Crew> {
  await world.sleep(shortWhileMs(world));
  return gatherAnew(crew, world);
}

/** Applies, verifies, and commits or rolls back; every tunnel comes out on one side or the other. */
async function conclude(plans: readonly TunnelPlan[], transaction: ArmedTransaction, prepared: PerHost<true>): Promise<readonly TunnelRecap[]> {
  const busy = new Set(transaction.plans);
  const idle = plans.filter((plan) => !busy.has(plan)).map((plan) => withoutWork(plan, transaction));
  for (const recap of idle) transaction.world.report({ type: 'tunnel-finished', recap });
  const started = startProgress(transaction, prepared);
  const applied = await applyTunnels(transaction, tellProblems(transaction, started));
  const heard = await verifyTunnels(transaction, tellProblems(transaction, applied, started));
  await explainSilence(transaction, heard);
  const verified = withProblems(heard, ({ problems }) =>
    problems.length === 0 && transaction.world.now() > commitsEndAt(transaction) ? [tooLate()] : [],
  );
  tellProblems(transaction, verified, applied);
  const settlements = mayOrder(transaction) ? await settleTunnels(transaction, verified, [...successes(prepared).keys()]) : new Map();
  await finishWithoutTheRest(transaction, verified, settlements);
  const settled = await Promise.all([...verified.values()].map((tunnel) => finish(tunnel, transaction, settlements)));
  const changed = new Set(settled.filter(({ outcome }) => outcome === 'changed').map(({ tunnel }) => tunnel));
  if (transaction.request.unloadsModules === true) await unloadModules(goneBy([...idle, ...settled], plans), transaction.crew, transaction.world);
  await sayLastWord(transaction, changed);
  for (const plan of transaction.plans) if (changed.has(plan.tunnel.name)) transaction.request.keep?.(plan);
  return [...idle, ...settled];
}

/** Tunnels that neither host has any more. */
function goneBy(recaps: readonly TunnelRecap[], plans: readonly TunnelPlan[]): readonly Tunnel[] {
  const gone = new Set(recaps.filter(({ outcome }) => outcome === 'ok' || outcome === 'changed').map(({ tunnel }) => tunnel));
  return plans.map(({ tunnel }) => tunnel).filter(({ name }) => gone.has(name));
}

/** Where some tunnel has to wait for a host that was lost, the others do not: what both ends confirmed is final at once. */
async function finishWithoutTheRest(transaction: ArmedTransaction, progress: Progress, settlements: PerHost<Settlement>): Promise<void> {
  const final = new Set([...progress].filter(([, tunnel]) => isConfirmed(tunnel, settlements)).map(([name]) => name));
  if (failures(settlements).size === 0 || final.size === 0 || !mayOrder(transaction)) return;
  await Promise.all(
    [...successes(settlements).keys()].map((host) =>
      orFailure(memberOf(transaction, host).session.run(finishScript(scriptOf(transaction, host), final), { timeoutMs: FINISH_MS })),
    ),
  );
}

/** A host that does not take the last word in this time is one more that decides alone. */
const FINISH_MS = 5_000;

/** Both ends of these tunnels confirmed: the hosts need not ask each other any more. It travels with the end of the sessions. */
async function sayLastWord(transaction: ArmedTransaction, final: ReadonlySet<string>): Promise<void> {
  if (!mayOrder(transaction)) return;
  await Promise.all([...transaction.scripts].map(([host, script]) => memberOf(transaction, host).session.close(finishScript(script, final))));
}

/** Tells what a phase found wrong as soon as it is over, so that the reason stands there while the rollback runs. */
function tellProblems(transaction: Transaction, progress: Progress, before?: Progress): Progress {
  const { world } = transaction;
  for (const [tunnel, standing] of progress) {
    const fresh = standing.problems.slice(before?.get(tunnel)?.problems.length ?? 0);
    for (const problem of fresh) world.report({ type: 'problem', tunnel, problem });
    if (fresh.length > 0 && standing.isBegun && !isLeft(transaction, standing))
      world.report({ type: 'tunnel-phase', tunnel, phase: 'roll-back', state: 'started' });
  }
  return progress;
}

async function finish(tunnel: TunnelProgress, transaction: ArmedTransaction, settlements: PerHost<Settlement>): Promise<TunnelRecap> {
  const recap = await concludeTunnel(transaction, tunnel, settlements);
  for (const problem of recap.problems.filter((one) => !tunnel.problems.includes(one)))
    transaction.world.report({ type: 'problem', tunnel: recap.tunnel, problem });
  transaction.world.report({ type: 'tunnel-finished', recap });
  return recap;
}

function isWork({ problems, steps }: TunnelPlan, { request, world }: Context): boolean {
  return problems.length === 0 && steps.length > 0 && !request.isCheck && !world.interrupt.aborted;
}

/** Refused, already as wanted, or only asked about. */
function withoutWork(plan: TunnelPlan, { world }: Context): TunnelRecap {
  const problems = [...plan.problems, ...(plan.steps.length > 0 ? interruption(world.interrupt) : [])];
  if (problems.length > 0) return untouched({ plan, problems });
  return { tunnel: plan.tunnel.name, outcome: plan.steps.length > 0 ? 'pending' : 'ok', changes: plan.changes.length, problems: [] };
}

/** Tunnels with a host that did not answer: nothing is changed on the other either. */
function unreachable(group: Group, gathered: PerHost<Member>): readonly TunnelRecap[] {
  const failed = failures(gathered);
  return group.tunnels
    .filter(({ endpoints }) => endpoints.some(({ host }) => failed.has(host)))
    .map((tunnel) => untouched({ plan: { tunnel }, problems: hostProblems({ plan: { tunnel } }, gathered) }));
}

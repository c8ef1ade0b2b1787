import { planAbsence, planPresence, type TunnelPlan } from '../plan/plan-tunnel.ts';
import { applyTunnels } from './apply-tunnels.ts';
import { type Crew, failures, type Member, type PerHost, successes } from './crew.ts';
import type { TunnelRecap } from './events.ts';
import { hostProblems, interruption } from './failure-problem.ts';
import { gather } from './gather.ts';
import type { Group } from './groups.ts';
import { concludeTunnel, untouched } from './outcome.ts';
import { prepareHosts } from './prepare-hosts.ts';
import { type Settlement, settleTunnels } from './settle-tunnels.ts';
import { openTransaction, type Transaction, type TunnelProgress } from './transaction.ts';
import { verifyTunnels } from './verify-tunnels.ts';
import type { Context, InTurn } from './world.ts';

/** Brings the tunnels of one group to what is wanted: gather, plan, then one transaction for all that has to change. */
export async function convergeGroup(group: Group, context: Context, inTurn: InTurn): Promise<readonly TunnelRecap[]> {
  const gathered = await gather(group, context, inTurn);
  const crew = successes(gathered);
  try {
    const plans = planGroup(group, crew, context);
    const idle = [...unreachable(group, gathered), ...plans.filter((plan) => !isWork(plan, context)).map((plan) => withoutWork(plan, context))];
    for (const recap of idle) context.world.report({ type: 'tunnel-finished', recap });
    return [
      ...idle,
      ...(await transact(
        plans.filter((plan) => isWork(plan, context)),
        crew,
        context,
      )),
    ];
  } finally {
    await Promise.all([...crew.values()].map(({ session }) => session.close()));
  }
}

/** Prepares both ends, applies, verifies, and commits or rolls back; every tunnel comes out on one side or the other. */
async function transact(plans: readonly TunnelPlan[], crew: Crew, context: Context): Promise<readonly TunnelRecap[]> {
  if (plans.length === 0) return [];
  const transaction = openTransaction(plans, crew, context);
  const { progress, prepared } = await prepareHosts(transaction);
  const applied = await applyTunnels(transaction, progress);
  const verified = await verifyTunnels(transaction, applied);
  const settlements = await settleTunnels(transaction, verified, [...successes(prepared).keys()]);
  return Promise.all([...verified.values()].map((tunnel) => finish(tunnel, transaction, settlements)));
}

async function finish(tunnel: TunnelProgress, transaction: Transaction, settlements: PerHost<Settlement>): Promise<TunnelRecap> {
  const recap = await concludeTunnel(transaction, tunnel, settlements);
  for (const problem of recap.problems) transaction.world.report({ type: 'problem', tunnel: recap.tunnel, problem });
  transaction.world.report({ type: 'tunnel-finished', recap });
  return recap;
}

/** Plans every tunnel whose hosts both answered. */
function planGroup(group: Group, crew: Crew, { request, world }: Context): readonly TunnelPlan[] {
  const observation = { hosts: new Map([...crew].map(([host, member]) => [host, member.observed])), addresses: request.addresses };
  const reachable = group.tunnels.filter(({ endpoints }) => endpoints.every(({ host }) => crew.has(host)));
  return reachable.map((tunnel) => {
    const isWanted = request.command !== 'down' && tunnel.state === 'present';
    const plan = isWanted ? planPresence(tunnel, observation) : planAbsence(tunnel, observation);
    const mtuBytes = plan.endpoints?.[0].mtuBytes;
    world.report({ type: 'tunnel-planned', tunnel: tunnel.name, changes: plan.changes, ...(mtuBytes === undefined ? {} : { mtuBytes }) });
    for (const problem of plan.problems) world.report({ type: 'problem', tunnel: tunnel.name, problem });
    return plan;
  });
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
export function unreachable(group: Group, gathered: PerHost<Member>): readonly TunnelRecap[] {
  const failed = failures(gathered);
  return group.tunnels
    .filter(({ endpoints }) => endpoints.some(({ host }) => failed.has(host)))
    .map((tunnel) => ({ tunnel: tunnel.name, outcome: 'unreachable', changes: 0, problems: hostProblems({ plan: { tunnel } }, gathered) }));
}

import type { Tunnel } from '../domain/tunnel.ts';
import { type Commands, planCommands, withCommands } from '../plan/plan-commands.ts';
import { type Observation, planAbsence, planPresence, type TunnelPlan } from '../plan/plan-tunnel.ts';
import { findStrays } from '../plan/strays.ts';
import { type Crew, observedIn } from './crew.ts';
import { drawKeys } from './draw-keys.ts';
import { problemOf } from './failure-problem.ts';
import type { Group } from './groups.ts';
import { lockedBy } from './host-refusals.ts';
import { planDigest } from './plan-digest.ts';
import { movedOn } from './problems.ts';
import { summaryOf } from './summary.ts';
import { wayBack } from './way-back.ts';
import type { Context, RunRequest } from './world.ts';

/** Plans every tunnel whose hosts both answered. */
export function planGroup(group: Group, crew: Crew, { request, world }: Context): readonly TunnelPlan[] {
  const observation = {
    hosts: observedIn(crew),
    addresses: request.addresses,
    foreignDevices: request.foreignDevices,
    keys: { drawn: drawKeys(group.tunnels, world), isRenewed: request.command === 'rekey' },
  };
  const reachable = group.tunnels.filter(({ endpoints }) => endpoints.every(({ host }) => crew.has(host)));
  return reachable.map((tunnel) => ifAgreed(withoutHalfMade(planOne(tunnel, observation, request), crew), request));
}

/** What stands in the way on a host another run is at work on may be that run's: the lock is the reason then. */
function withoutHalfMade(plan: TunnelPlan, crew: Crew): TunnelPlan {
  const atWork = plan.problems.flatMap(({ host = '' }) => {
    const words = crew.get(host)?.observed.runAtWork;
    return words === undefined ? [] : [problemOf(lockedBy(host, words))];
  });
  return atWork.length === 0 ? plan : { ...plan, problems: atWork.slice(0, 1) };
}

/** Another run holds one of its hosts. */
export function isHeldUp({ problems }: TunnelPlan): boolean {
  return problems.some(({ code }) => code === 'host.locked');
}

export function tellPlans(plans: readonly TunnelPlan[], { request, world }: Context): void {
  for (const plan of plans) {
    const { tunnel } = plan;
    const mtuBytes = plan.endpoints?.[0].mtuBytes;
    world.report({
      type: 'tunnel-planned',
      tunnel: tunnel.name,
      changes: plan.changes,
      ...(mtuBytes === undefined ? {} : { mtuBytes }),
      ...(request.isCheck && plan.problems.length === 0 ? { digest: planDigest(plan) } : {}),
    });
    for (const problem of plan.problems) world.report({ type: 'problem', tunnel: tunnel.name, problem });
  }
}

/** With a plan that was agreed to, only that is done: any other becomes a problem, and no step. */
function ifAgreed(plan: TunnelPlan, { agreed }: RunRequest): TunnelPlan {
  if (agreed === undefined || plan.problems.length > 0 || agreed.get(plan.tunnel.name) === planDigest(plan)) return plan;
  return { ...plan, steps: [], changes: [], problems: [movedOn(plan.changes)] };
}

function planOne(tunnel: Tunnel, observation: Observation, { command, commands = NO_COMMANDS, changed }: RunRequest): TunnelPlan {
  const before = changed?.get(tunnel.name);
  if (command === 'run') return planCommands(tunnel, commands.before);
  if (command === 'undo' && before !== undefined) return wayBack(before);
  const isWanted = command !== 'down' && tunnel.state === 'present';
  return withCommands(isWanted ? planPresence(tunnel, observation) : planAbsence(tunnel, observation), commands);
}

const NO_COMMANDS: Commands = { before: [], after: [] };

/** Tunnels of earlier runs that the inventory does not have any more: told, or with `--prune` removed like any other. */
export function planStrays(crew: Crew, { context, isFirst }: { readonly context: Context; readonly isFirst: boolean }): readonly TunnelPlan[] {
  const { request, world } = context;
  const hosts = observedIn(crew);
  const strays = findStrays(hosts, request.declared);
  if (request.strays === 'tell') {
    for (const { name, ends } of isFirst ? strays : []) for (const { host, device } of ends) world.report(strayWarning(host, name, device));
    return [];
  }
  return strays.map(({ tunnel }) => {
    if (isFirst) world.report({ type: 'tunnel-added', tunnel: summaryOf(tunnel) });
    const plan = ifAgreed(planAbsence(tunnel, { hosts }), request);
    tellPlans([plan], context);
    return plan;
  });
}

function strayWarning(host: string, name: string, device: string) {
  return {
    type: 'host-warning',
    host,
    message: `${device} is the tunnel ${name}, which the inventory does not have any more; --prune removes it`,
  } as const;
}

import type { Problem } from '../domain/problem.ts';
import { HostFailure } from '../errors/host-failure.ts';
import { type Applied, applyScript, readApplied } from '../script/apply.ts';
import { onEach, type PerHost } from './crew.ts';
import { hostProblems, interruption } from './failure-problem.ts';
import { hostsOf } from './groups.ts';
import { applyProblems } from './problems.ts';
import {
  type ArmedTransaction,
  memberOf,
  type Progress,
  scriptOf,
  sound,
  type Transaction,
  type TunnelProgress,
  withProblems,
} from './transaction.ts';

/** Runs the steps of all sound tunnels on all their hosts at once; a step that is refused stops its tunnel only. */
export async function applyTunnels(transaction: ArmedTransaction, before: Progress): Promise<Progress> {
  const { world } = transaction;
  const chosen = new Set(sound(before).map(({ plan }) => plan.tunnel.name));
  const hosts = hostsOf(sound(before).map(({ plan }) => plan.tunnel));
  const results = await onEach(hosts, { phase: 'apply', world }, (host) => applyOn(host, chosen, transaction));
  const begun: Progress = new Map([...before].map(([name, tunnel]) => [name, { ...tunnel, isBegun: chosen.has(name) }]));
  const progress = withProblems(begun, (tunnel) =>
    tunnel.isBegun ? [...hostProblems(tunnel, results), ...stepProblems(tunnel, results), ...interruption(world.interrupt)] : [],
  );
  for (const tunnel of progress.values()) tellSteps(tunnel, results, transaction);
  return progress;
}

async function applyOn(host: string, chosen: ReadonlySet<string>, transaction: ArmedTransaction): Promise<ReadonlyMap<string, Applied>> {
  const script = scriptOf(transaction, host);
  const reply = await memberOf(transaction, host).session.run(applyScript(script, chosen, transaction.settleAfter));
  return readApplied(script, reply.stdout);
}

function stepProblems({ plan }: TunnelProgress, results: PerHost<ReadonlyMap<string, Applied>>): readonly Problem[] {
  return plan.tunnel.endpoints.flatMap(({ host }) => {
    const result = results.get(host);
    return result === undefined || result instanceof HostFailure ? [] : applyProblems(host, result.get(plan.tunnel.name));
  });
}

function tellSteps({ plan }: TunnelProgress, results: PerHost<ReadonlyMap<string, Applied>>, { world }: Transaction): void {
  const tunnel = plan.tunnel.name;
  for (const { host } of plan.tunnel.endpoints) {
    const result = results.get(host);
    const applied = result === undefined || result instanceof HostFailure ? undefined : result.get(tunnel);
    const steps = plan.steps.filter((step) => step.host === host);
    const done = applied?.state === 'done' ? steps : applied?.state === 'failed' ? applied.done : [];
    for (const { title } of done) world.report({ type: 'step', tunnel, host, title, state: 'done' });
    if (applied?.state === 'failed') world.report({ type: 'step', tunnel, host, title: applied.step.title, state: 'failed' });
  }
}

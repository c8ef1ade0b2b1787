import type { Problem } from '../domain/problem.ts';
import { HostFailure } from '../errors/host-failure.ts';
import type { Step } from '../plan/operation.ts';
import { type Applied, applyScript, inRound, readApplied } from '../script/apply.ts';
import type { HostScript } from '../script/journal.ts';
import { onEach, type PerHost } from './crew.ts';
import { hostProblems, interruption } from './failure-problem.ts';
import { hostsOf } from './groups.ts';
import { applyProblems } from './problems.ts';
import {
  type ArmedTransaction,
  commandSeconds,
  memberOf,
  type Progress,
  scriptOf,
  sound,
  type Transaction,
  type TunnelProgress,
  withProblems,
} from './transaction.ts';
import type { World } from './world.ts';

/** Runs the steps of all sound tunnels on all their hosts at once; a step that is refused stops its tunnel only. */
export async function applyTunnels(transaction: ArmedTransaction, before: Progress): Promise<Progress> {
  const chosen = new Set(sound(before).map(({ plan }) => plan.tunnel.name));
  const begun: Progress = new Map([...before].map(([name, tunnel]) => [name, { ...tunnel, isBegun: chosen.has(name) }]));
  const first = await applyRound(transaction, begun, { round: 'first', chosen });
  const waiting = sound(first).filter(({ plan }) => chosen.has(plan.tunnel.name) && plan.steps.some(({ waitsForPeer }) => waitsForPeer));
  if (waiting.length === 0) return first;
  return applyRound(transaction, first, { round: 'second', chosen: new Set(waiting.map(({ plan }) => plan.tunnel.name)) });
}

/** Steps that go together on all hosts, of some tunnels. */
interface Round {
  readonly round: 'first' | 'second';
  readonly chosen: ReadonlySet<string>;
}

async function applyRound(transaction: ArmedTransaction, before: Progress, round: Round): Promise<Progress> {
  const { world } = transaction;
  const mine = [...before.values()].filter(({ plan }) => round.chosen.has(plan.tunnel.name));
  const results = await onEach(hostsOf(mine.map(({ plan }) => plan.tunnel)), { phase: 'apply', world }, (host) => applyOn(host, transaction, round));
  tellSteps(mine, results, { transaction, round });
  return withProblems(before, (tunnel) =>
    round.chosen.has(tunnel.plan.tunnel.name)
      ? [...hostProblems(tunnel, results), ...stepProblems(tunnel, results), ...interruption(world.interrupt)]
      : [],
  );
}

function scriptIn(transaction: Transaction, host: string, { round }: Round): HostScript {
  return inRound(scriptOf(transaction, host), round);
}

/** What a host may take for its own steps, commands of a playbook and checks by other programs aside. */
const APPLY_SECONDS = 60;

async function applyOn(host: string, transaction: ArmedTransaction, round: Round): Promise<ReadonlyMap<string, Applied>> {
  const script = scriptIn(transaction, host, round);
  const reply = await memberOf(transaction, host).session.run(applyScript(script, round.chosen, transaction.settleAfter), {
    timeoutMs: (APPLY_SECONDS + commandSeconds(script.tunnels.flatMap(({ steps }) => steps))) * 1000,
  });
  const applied = readApplied(script, reply.stdout);
  const cutOff = { state: 'cut-off', status: reply.status, words: reply.stderr.trim() } as const;
  return new Map(script.tunnels.map(({ tunnel }) => [tunnel, applied.get(tunnel) ?? cutOff]));
}

function stepProblems({ plan }: TunnelProgress, results: PerHost<ReadonlyMap<string, Applied>>): readonly Problem[] {
  return plan.tunnel.endpoints.flatMap(({ host }) => {
    const result = results.get(host);
    const applied = result === undefined || result instanceof HostFailure ? undefined : result.get(plan.tunnel.name);
    return applied === undefined ? [] : applyProblems(host, applied);
  });
}

function tellSteps(
  tunnels: readonly TunnelProgress[],
  results: PerHost<ReadonlyMap<string, Applied>>,
  { transaction, round }: { readonly transaction: Transaction; readonly round: Round },
): void {
  const sent = new Map([...results.keys()].map((host) => [host, stepsByTunnel(scriptIn(transaction, host, round))]));
  for (const { name, endpoints } of tunnels.map(({ plan }) => plan.tunnel)) {
    for (const { host } of endpoints) {
      const result = results.get(host);
      if (result === undefined || result instanceof HostFailure) continue;
      tellStepsOf({ tunnel: name, host, applied: result.get(name), steps: sent.get(host)?.get(name) ?? [] }, transaction.world);
    }
  }
}

interface TunnelOnHost {
  readonly tunnel: string;
  readonly host: string;
  readonly applied: Applied | undefined;
  readonly steps: readonly Step[];
}

function tellStepsOf({ tunnel, host, applied, steps }: TunnelOnHost, { report }: World): void {
  const done = applied?.state === 'done' ? steps : applied?.state === 'failed' ? applied.done : [];
  for (const { title } of done) report({ type: 'step', tunnel, host, title, state: 'done' });
  if (applied?.state === 'failed') report({ type: 'step', tunnel, host, title: applied.step.title, state: 'failed' });
}

function stepsByTunnel({ tunnels }: HostScript): ReadonlyMap<string, readonly Step[]> {
  return new Map(tunnels.map(({ tunnel, steps }) => [tunnel, steps]));
}

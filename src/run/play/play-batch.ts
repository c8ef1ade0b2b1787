import type { Tunnel } from '../../domain/tunnel.ts';
import type { Play } from '../../inventory/playbook/playbook.ts';
import { type Stage, stagesOf } from '../../inventory/playbook/stages.ts';
import type { TunnelPlan } from '../../plan/plan-tunnel.ts';
import type { TunnelOutcome, TunnelRecap } from '../events.ts';
import { bringBack, doStage, type StageResult } from './do-stage.ts';
import type { PlayContext } from './play-world.ts';

/** One batch of a play. */
export interface Batch {
  readonly play: Play;
  /** Counted from 1. */
  readonly number: number;
  readonly tunnels: readonly Tunnel[];
}

export interface BatchResult {
  readonly outcomes: ReadonlyMap<string, TunnelOutcome>;
  /** The step the play failed at, where it did. */
  readonly failedStep?: string;
  /** Whoever was asked said no. */
  readonly isRefused: boolean;
}

const FAILED: ReadonlySet<TunnelOutcome> = new Set(['failed', 'rolled-back', 'rollback-incomplete', 'unreachable', 'degraded']);

/** All steps of a play on one batch; a tunnel that failed takes no part in what follows. */
export async function playBatch(batch: Batch, context: PlayContext): Promise<BatchResult> {
  const { play, tunnels } = batch;
  const outcomes = new Map<string, TunnelOutcome>();
  const changed: (readonly TunnelPlan[])[] = [];
  for (const stage of stagesOf(play.steps)) {
    const standing = tunnels.filter(({ name }) => !FAILED.has(outcomes.get(name) ?? 'ok'));
    const result = await tellStage(stage, { ...batch, tunnels: standing }, context);
    changed.push(result.changed);
    for (const { tunnel, outcome } of result.recaps) outcomes.set(tunnel, overAll(outcomes.get(tunnel), outcome));
    const failed = tunnels.filter(({ name }) => FAILED.has(outcomes.get(name) ?? 'ok')).length;
    const isOver = result.isRefused || context.world.interrupt.aborted;
    if (!isOver && !hasFailed(play, { failed, all: tunnels.length, isNew: result.recaps.some(isFailure) })) continue;
    if (play.onFailure === 'rollback' && !context.request.base.isCheck) await rollBack(changed, outcomes, { batch, context });
    return { outcomes, failedStep: stage.step.name, isRefused: result.isRefused };
  }
  return { outcomes, isRefused: false };
}

function hasFailed(
  { anyErrorsFatal, maxFailPercent }: Play,
  { failed, all, isNew }: { readonly failed: number; readonly all: number; readonly isNew: boolean },
): boolean {
  if (!isNew) return false;
  return anyErrorsFatal || failed === all || failed * 100 > maxFailPercent * all;
}

async function tellStage(stage: Stage, batch: Batch, context: PlayContext): Promise<StageResult> {
  const names = batch.tunnels.map(({ name }) => name);
  const told = { type: 'play-step', play: batch.play.name, batch: batch.number, step: stage.step.name } as const;
  context.world.report({ ...told, state: 'started', tunnels: names });
  const result = await doStage(stage, batch, context);
  const failed = result.recaps.filter(isFailure).map(({ tunnel }) => tunnel);
  const isWell = failed.length === 0 && !result.isRefused;
  context.world.report({ ...told, state: isWell ? 'done' : 'failed', tunnels: isWell ? names : failed });
  return result;
}

/** Brings back what the batch changed, the last stage first. An interrupt has been heard: this is what it asks for. */
async function rollBack(
  changed: readonly (readonly TunnelPlan[])[],
  outcomes: Map<string, TunnelOutcome>,
  { batch, context }: { readonly batch: Batch; readonly context: PlayContext },
): Promise<void> {
  const deaf = { ...context, world: { ...context.world, interrupt: new AbortController().signal } };
  for (const plans of changed.toReversed().filter(({ length }) => length > 0)) {
    const told = { type: 'play-step', play: batch.play.name, batch: batch.number, step: 'roll back' } as const;
    const tunnels = plans.map(({ tunnel }) => tunnel.name);
    context.world.report({ ...told, state: 'started', tunnels });
    const recaps = await bringBack(plans, deaf);
    for (const { tunnel, outcome } of recaps) outcomes.set(tunnel, outcome === 'changed' || outcome === 'ok' ? 'rolled-back' : 'rollback-incomplete');
    const left = recaps.filter(isFailure).map(({ tunnel }) => tunnel);
    context.world.report({ ...told, state: left.length === 0 ? 'done' : 'failed', tunnels: left.length === 0 ? tunnels : left });
  }
}

function isFailure({ outcome }: TunnelRecap): boolean {
  return FAILED.has(outcome);
}

/** What failed stays failed, and what was changed once was changed. */
function overAll(before: TunnelOutcome | undefined, now: TunnelOutcome): TunnelOutcome {
  if (FAILED.has(now) || before === undefined) return now;
  return now === 'ok' ? before : now;
}

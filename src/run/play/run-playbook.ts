import { batchesOf } from '../../inventory/playbook/batches.ts';
import type { Play } from '../../inventory/playbook/playbook.ts';
import { EVENT_SCHEMA, type PlaybookRecap, type PlayOutline, type PlayRecap, type TunnelOutcome } from '../events.ts';
import { exitCodeOf } from '../recap.ts';
import { playBatch } from './play-batch.ts';
import type { PlaybookRequest, PlayContext, PlayWorld } from './play-world.ts';

/** Plays a playbook, play after play, and tells it as it happens; what comes back is also the last event. */
export async function runPlaybook(request: PlaybookRequest, wholeWorld: PlayWorld): Promise<PlaybookRecap> {
  const world = warnedOnce(wholeWorld);
  const startedAt = world.now();
  const { playbook, startAt, base } = request;
  const { version, isCheck } = base;
  world.report({ type: 'playbook-started', schema: EVENT_SCHEMA, version, playbook: playbook.path, isCheck, plays: outlineOf(request) });
  const results: PlayResult[] = [];
  for (const [index, play] of playbook.plays.entries()) {
    const isSkipped = index < startAt || results.some(({ endsAll }) => endsAll) || world.interrupt.aborted;
    results.push(isSkipped ? skipped(play) : await playOne(play, { request, world }));
    world.report({ type: 'play-finished', recap: results[index]?.recap ?? skipped(play).recap });
  }
  const recap: PlaybookRecap = { exitCode: exitCode(results, world), elapsedMs: world.now() - startedAt, plays: results.map((one) => one.recap) };
  world.report({ type: 'playbook-finished', recap });
  return recap;
}

/** Every step is a run, and each would tell again what was seen on a host before, such as a tunnel that nobody declares. */
function warnedOnce(world: PlayWorld): PlayWorld {
  const told = new Set<string>();
  return {
    ...world,
    report: (event) => {
      const warning = event.type === 'host-warning' ? JSON.stringify([event.host, event.message]) : undefined;
      if (warning === undefined || !told.has(warning)) world.report(event);
      if (warning !== undefined) told.add(warning);
    },
  };
}

/** What would be done, without asking any host. */
export function outlineOf({ playbook, tunnelsOf }: Pick<PlaybookRequest, 'playbook' | 'tunnelsOf'>): readonly PlayOutline[] {
  return playbook.plays.map((play) => ({
    play: play.name,
    steps: play.steps.map(({ name }) => name),
    batches: batchesOf(tunnelsOf(play), play.serial).map((batch) => batch.map(({ name }) => name)),
  }));
}

interface PlayResult {
  readonly recap: PlayRecap;
  /** No further play is begun. */
  readonly endsAll: boolean;
  readonly isRefused: boolean;
}

function skipped({ name }: Play): PlayResult {
  return { recap: { play: name, outcome: 'skipped', tunnels: [] }, endsAll: false, isRefused: false };
}

async function playOne(play: Play, context: PlayContext): Promise<PlayResult> {
  context.world.report({ type: 'play-started', play: play.name });
  const outcomes = new Map<string, TunnelOutcome>();
  const failedSteps: string[] = [];
  let isRefused = false;
  for (const [index, tunnels] of batchesOf(context.request.tunnelsOf(play), play.serial).entries()) {
    const result = await playBatch({ play, number: index + 1, tunnels }, context);
    for (const [tunnel, outcome] of result.outcomes) outcomes.set(tunnel, outcome);
    if (result.failedStep !== undefined) failedSteps.push(result.failedStep);
    isRefused ||= result.isRefused;
    if (isRefused || context.world.interrupt.aborted || (failedSteps.length > 0 && play.onFailure !== 'continue')) break;
  }
  const [failedStep] = failedSteps;
  const tunnels = [...outcomes].map(([tunnel, outcome]) => ({ tunnel, outcome }));
  return {
    recap: { play: play.name, outcome: failedStep === undefined ? 'done' : 'failed', tunnels, ...(failedStep === undefined ? {} : { failedStep }) },
    endsAll: failedStep !== undefined && (play.onFailure !== 'continue' || isRefused),
    isRefused,
  };
}

/** As of one run over all tunnels of all plays; a question that was answered with no is an interrupt. */
function exitCode(results: readonly PlayResult[], { interrupt }: PlayWorld): number {
  const recaps = results.flatMap(({ recap }) => recap.tunnels.map((one) => ({ ...one, changes: 0, problems: [] })));
  const isInterrupted = interrupt.aborted || results.some(({ isRefused }) => isRefused);
  const code = exitCodeOf(recaps, { isInterrupted, hasUnreachableHost: false, hasDetailedExitCode: false });
  return isInterrupted && code === 0 ? 130 : code;
}

import type { Tunnel } from '../../domain/tunnel.ts';
import type { Condition } from '../../inventory/playbook/condition.ts';
import type { Pause, Play } from '../../inventory/playbook/playbook.ts';
import type { CommandStep, Stage } from '../../inventory/playbook/stages.ts';
import { type EndCommand, endKey } from '../../plan/plan-commands.ts';
import type { TunnelPlan } from '../../plan/plan-tunnel.ts';
import type { Command, TunnelRecap } from '../events.ts';
import { run } from '../run.ts';
import type { RunRequest } from '../world.ts';
import { type Asked, ask } from './end-facts.ts';
import type { PlayContext } from './play-world.ts';

/** What a stage did to the tunnels that took part. */
export interface StageResult {
  readonly recaps: readonly TunnelRecap[];
  /** Plans of what was changed, to be brought back if the play fails later. */
  readonly changed: readonly TunnelPlan[];
  /** Whoever was asked said no. */
  readonly isRefused: boolean;
}

const NOTHING: StageResult = { recaps: [], changed: [], isRefused: false };

/** Does one stage on the tunnels of a batch that have not failed so far. */
export async function doStage(
  stage: Stage,
  { play, tunnels }: { readonly play: Play; readonly tunnels: readonly Tunnel[] },
  context: PlayContext,
): Promise<StageResult> {
  const { step } = stage;
  if (step.kind === 'pause') return pause(step, context);
  const commands = step.kind === 'run' ? [step] : 'before' in stage ? [...stage.before, ...stage.after] : [];
  const conditions = [play.when, step.when, ...commands.map(({ when }) => when)].filter((when) => when !== undefined);
  const asked = await ask(tunnels, conditions, context);
  const all = [play.when, step.kind === 'run' ? undefined : step.when].filter((when) => when !== undefined).map(asked);
  const chosen = tunnels.filter((tunnel) => tunnel.endpoints.every(({ host }) => all.every((holds) => holds(tunnel, host))));
  if (chosen.length === 0) return NOTHING;
  const ends = (some: readonly CommandStep[]) => some.map((one) => endCommand(one, { tunnels: chosen, asked, context }));
  if (step.kind === 'run') return doRun('run', { tunnels: chosen, commands: { before: ends([step]), after: [] } }, context);
  const command = step.kind === 'preflight' ? 'plan' : step.kind;
  return doRun(
    command,
    { tunnels: chosen, ...('before' in stage ? { commands: { before: ends(stage.before), after: ends(stage.after) } } : {}) },
    context,
  );
}

/** Brings back what stages changed, the last first; what becomes of each tunnel is told by its last run. */
export async function bringBack(changed: readonly TunnelPlan[], context: PlayContext): Promise<readonly TunnelRecap[]> {
  const byName = new Map(changed.map((plan) => [plan.tunnel.name, plan]));
  const { recaps } = await doRun('undo', { tunnels: [...byName.values()].map(({ tunnel }) => tunnel), changed: byName }, context);
  return recaps;
}

type Fields = Pick<RunRequest, 'tunnels' | 'commands' | 'changed'>;

async function doRun(command: Command, fields: Fields, { request, world }: PlayContext): Promise<StageResult> {
  const changed: TunnelPlan[] = [];
  const isCheck = request.base.isCheck || command === 'plan';
  const keep = (plan: TunnelPlan) => void changed.push(plan);
  const { tunnels } = await run({ ...request.base, ...fields, command, isCheck, keep, runId: world.newRunId() }, world);
  return { recaps: tunnels, changed, isRefused: false };
}

/** The ends a command is for: on its hosts, and where its condition holds. */
function endCommand(
  { name, hosts, when, command, undo, seconds }: CommandStep,
  {
    tunnels,
    asked,
    context,
  }: { readonly tunnels: readonly Tunnel[]; readonly asked: (condition: Condition) => Asked; readonly context: PlayContext },
): EndCommand {
  const named = hosts === undefined ? undefined : context.request.hostsOf(hosts);
  const isMeant = (tunnel: Tunnel, host: string) => (named?.has(host) ?? true) && (when === undefined || asked(when)(tunnel, host));
  const ends = tunnels.flatMap((tunnel) => tunnel.endpoints.filter(({ host }) => isMeant(tunnel, host)).map(({ host }) => endKey(tunnel.name, host)));
  return { title: name === 'run' ? command : name, command, undo, seconds, ends: new Set(ends) };
}

/** Seconds are waited one by one, so that Ctrl-C is heard. */
async function pause({ seconds = 0, prompt }: Pause, { request, world }: PlayContext): Promise<StageResult> {
  if (request.base.isCheck) return NOTHING;
  if (prompt !== undefined && !(await world.confirm(prompt))) return { ...NOTHING, isRefused: true };
  const until = world.now() + seconds * 1000;
  for (let left = seconds * 1000; left > 0 && !world.interrupt.aborted; left = until - world.now()) await world.sleep(Math.min(left, 1000));
  return NOTHING;
}

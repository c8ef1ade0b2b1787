import type { Tunnel, TunnelEnd } from '../domain/tunnel.ts';
import type { Operation } from './operation.ts';
import { join, type Part, step } from './part.ts';
import type { TunnelPlan } from './plan-tunnel.ts';

/** A command of a playbook for ends of tunnels, and what undoes it. */
export interface EndCommand {
  /** In the words of the playbook. */
  readonly title: string;
  readonly command: string;
  readonly undo: string;
  readonly seconds: number;
  /** By {@link endKey}. */
  readonly ends: ReadonlySet<string>;
}

/** Commands that belong to the changes of a tunnel. */
export interface Commands {
  readonly before: readonly EndCommand[];
  readonly after: readonly EndCommand[];
}

export function endKey(tunnel: string, host: string): string {
  return `${tunnel} ${host}`;
}

/** The plan with the commands around its changes; of a tunnel that nothing is to be changed of, none is run. */
export function withCommands(plan: TunnelPlan, { before, after }: Commands): TunnelPlan {
  if (plan.problems.length > 0 || plan.steps.length === 0) return plan;
  const [first, last] = [commandsPart(plan.tunnel, before, 0), commandsPart(plan.tunnel, after, before.length)];
  return { ...plan, changes: [...first.changes, ...plan.changes, ...last.changes], steps: [...first.steps, ...plan.steps, ...last.steps] };
}

/** A tunnel of which nothing is changed but by commands. */
export function planCommands(tunnel: Tunnel, commands: readonly EndCommand[]): TunnelPlan {
  return { tunnel, ...commandsPart(tunnel, commands, 0), problems: [] };
}

/** @param offset - so that the commands of one tunnel are told apart */
function commandsPart(tunnel: Tunnel, commands: readonly EndCommand[], offset: number): Part {
  const [first, second] = tunnel.endpoints;
  const parts = commands.flatMap((command, index) =>
    [
      { end: first, peer: second },
      { end: second, peer: first },
    ]
      .filter(({ end }) => command.ends.has(endKey(tunnel.name, end.host)))
      .map(({ end, peer }) => commandPart(command, { tunnel: tunnel.name, end, peer: peer.host, id: `${tunnel.name}.${offset + index}` })),
  );
  return join(parts);
}

function commandPart(
  { title, command, undo, seconds }: EndCommand,
  { tunnel, end, peer, id }: { readonly tunnel: string; readonly end: TunnelEnd; readonly peer: string; readonly id: string },
): Part {
  const environment = { TUNORCH_TUNNEL: tunnel, TUNORCH_DEVICE: end.device, TUNORCH_HOST: end.host, TUNORCH_PEER: peer };
  const run = (text: string): Operation => ({ kind: 'run-command', id, command: text, seconds, environment });
  return {
    changes: [{ host: end.host, action: 'run', object: `command «${title}»` }],
    steps: [step({ host: end.host, tunnel }, `run «${title}»`, { forward: [run(command)], inverse: [run(undo)] })],
  };
}

import type { PlayStep, RunStep } from './playbook.ts';

type Named<Step> = Step & Pick<PlayStep, 'name' | 'when'>;

export type CommandStep = Named<RunStep>;

/** What is done at once: one step, or a change with the commands that belong to its transaction. */
export type Stage =
  | {
      readonly step: Extract<PlayStep, { readonly kind: 'up' | 'down' | 'preflight' | 'verify' }>;
      readonly before: readonly CommandStep[];
      readonly after: readonly CommandStep[];
    }
  | { readonly step: Exclude<PlayStep, { readonly kind: 'up' | 'down' | 'preflight' | 'verify' }> };

/** Commands directly after a change belong to it, else those directly before one; any other is a transaction of its own. */
export function stagesOf(steps: readonly PlayStep[]): readonly Stage[] {
  const stages: Stage[] = [];
  let waiting: CommandStep[] = [];
  let change: { after: CommandStep[] } | undefined;
  const release = () => {
    stages.push(...waiting.map((step) => ({ step })));
    waiting = [];
  };
  for (const step of steps) {
    if (step.kind === 'run') (change?.after ?? waiting).push(step);
    else if (step.kind === 'up' || step.kind === 'down') {
      change = { after: [] };
      stages.push({ step, before: waiting, after: change.after });
      waiting = [];
    } else {
      release();
      change = undefined;
      stages.push(step.kind === 'pause' ? { step } : { step, before: [], after: [] });
    }
  }
  release();
  return stages;
}

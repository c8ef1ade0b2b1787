import type { Problem } from '../domain/problem.ts';
import { HostFailure } from '../errors/host-failure.ts';
import type { TunnelPlan } from '../plan/plan-tunnel.ts';
import type { PerHost } from './crew.ts';

/** A host's failure in the words of a tunnel's problem. */
export function problemOf({ code, host, what, hint }: HostFailure): Problem {
  return { code, host, message: what, hint };
}

/** The failures of the hosts a tunnel is on. */
export function hostProblems({ plan }: { readonly plan: Pick<TunnelPlan, 'tunnel'> }, results: PerHost<unknown>): readonly Problem[] {
  return plan.tunnel.endpoints.flatMap(({ host }) => {
    const result = results.get(host);
    return result instanceof HostFailure ? [problemOf(result)] : [];
  });
}

const INTERRUPTED: Problem = {
  code: 'run.interrupted',
  message: 'the run was interrupted',
  hint: 'Run the same command again: it goes on from what it finds.',
};

export function interruption(signal: AbortSignal): readonly Problem[] {
  return signal.aborted ? [INTERRUPTED] : [];
}

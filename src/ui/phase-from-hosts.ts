import type { Phase } from '../run/events.ts';

/** In the order of a run. */
const ORDER: readonly Phase[] = ['connect', 'gather', 'measure', 'plan', 'prepare', 'apply', 'verify', 'diagnose', 'commit', 'roll-back', 'prove'];

/** How far a host or a tunnel is with its phase. */
export type PhaseState = 'waiting' | 'started' | 'done' | 'failed';

interface Moment {
  readonly phase?: Phase;
  readonly state: PhaseState;
}

/** Where a tunnel is when only its hosts are told: where a host fails or still works, else where the further one has come. */
export function phaseFromHosts(first: Moment | undefined, second: Moment | undefined): { readonly phase?: Phase; readonly state: PhaseState } {
  const moments = [first, second].filter((moment) => moment?.phase !== undefined) as readonly Required<Moment>[];
  const found =
    moments.find(({ state }) => state === 'failed') ??
    moments.find(({ state }) => state === 'started') ??
    moments.reduce<Required<Moment> | undefined>((last, moment) => (last && rank(last) >= rank(moment) ? last : moment), undefined);
  if (found === undefined) return { state: 'waiting' };
  return { phase: found.phase, state: found.state };
}

function rank({ phase }: Required<Moment>): number {
  return ORDER.indexOf(phase);
}

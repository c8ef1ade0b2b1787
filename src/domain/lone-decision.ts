/**
 * What a host did about a tunnel when no controller told it to: a run was lost, and its session's end, its timer or the next
 * run settled what was open.
 */
export interface LoneDecision {
  readonly tunnel: string;
  readonly verdict: 'kept' | 'undone';
  readonly by: 'session' | 'timer' | 'next-run';
  /** Seconds before now, by the host's own clock. */
  readonly ageSeconds: number;
  /** Seconds between the loss of the run and the decision; absent where the host could not see when it lost the run. */
  readonly afterSeconds?: number;
  /** Who ran it, in that run's own words. */
  readonly owner: string;
}

/** One file a network namespace; a host may be several. Not under /run, where nothing of a run stays. */
export const DECISIONS_FOLDER = '/var/log/tunorch';

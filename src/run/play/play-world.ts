import type { Tunnel } from '../../domain/tunnel.ts';
import type { Play, Playbook } from '../../inventory/playbook/playbook.ts';
import type { RunRequest, World } from '../world.ts';

/** What is to be played. */
export interface PlaybookRequest {
  readonly playbook: Playbook;
  /** Number of the play to begin with, from 0. */
  readonly startAt: number;
  /** What all runs have in common. */
  readonly base: Omit<RunRequest, 'command' | 'tunnels' | 'runId'>;
  /** Of the selected tunnels, those of a play, in the order of the inventory. */
  readonly tunnelsOf: (play: Play) => readonly Tunnel[];
  /** Hosts that a pattern matches. */
  readonly hostsOf: (pattern: string) => ReadonlySet<string>;
  readonly groupsOf: (host: string) => readonly string[];
}

/** What a playbook touches beside its runs. */
export interface PlayWorld extends World {
  /** `[A-Za-z0-9-]+`, a new one for every run. */
  readonly newRunId: () => string;
  /** Asks whoever sits at the terminal; true where nobody does. */
  readonly confirm: (question: string) => Promise<boolean>;
}

export interface PlayContext {
  readonly request: PlaybookRequest;
  readonly world: PlayWorld;
}

import type { ChildProcess } from 'node:child_process';
import type { Phase } from '../../src/run/events.ts';
import type { Moment } from './fault-gate.ts';
import type { Fault, FaultName } from './fault-kinds.ts';
import { type FaultStage, type Found, HOSTS, type HostName, type Stand } from './fault-stage.ts';
import type { ProgramRun } from './scenario-program.ts';

/** When a fault strikes: exactly, with the victim stopped there; or some time after the controller said that a phase began. */
export type When = { readonly at: Moment } | { readonly after: Phase; readonly delayMs: number };

export interface Trial {
  readonly from: Stand;
  readonly to: Stand;
  readonly fault: FaultName;
  readonly when: When;
  /** The host that the fault strikes. */
  readonly victim: HostName;
  /** The host that stands still at the moment; the victim where none is named. */
  readonly stopped?: HostName;
}

/** What became of it. */
export interface Verdict {
  readonly trial: Trial;
  /** What both hosts have in the end, `new` or `old`; or what each of them has instead. */
  readonly outcome: string;
  /** How the run ended and what it said of the tunnel; of a killed controller nothing. */
  readonly told: string;
  /** From the deadline until the last host decided alone; negative before it, absent where none did or its clock stood still. */
  readonly secondsPastDeadline?: number;
  /** Whether the run came to the moment at all. */
  readonly hasStruck: boolean;
  /** Empty is what all this is for. */
  readonly violations: readonly string[];
  readonly run: ProgramRun;
  readonly states: Readonly<Record<HostName, Found>>;
}

/** A trial while it goes on. */
export interface Course {
  readonly trial: Trial;
  readonly stage: FaultStage;
  readonly fault: Fault;
  /** By this machine's clock, in milliseconds; no earlier than the hosts' timers began. */
  armedAt: number;
  hasStruck: boolean;
  child?: ChildProcess;
  run?: ProgramRun;
  rival?: ProgramRun;
  readonly violations: string[];
}

/** The fault has taken away what the victim had, so that only its peer can be judged. */
export function isVictimLost({ fault, hasStruck }: Course): boolean {
  return hasStruck && fault.endsVictim === true;
}

/** The hosts that can be judged. */
export function judgedHosts(course: Course): readonly HostName[] {
  return isVictimLost(course) ? HOSTS.filter((host) => host !== course.trial.victim) : HOSTS;
}

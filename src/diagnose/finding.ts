import type { TunnelEvidence } from './evidence.ts';

/** Every cause that can be named, kebab-case; with `doctor.` before it, the code of a problem. */
export type CauseName =
  | 'module-missing'
  | 'peer-rebooted'
  | 'device-missing'
  | 'device-down'
  | 'mode-mismatch'
  | 'endpoint-mismatch'
  | 'key-mismatch'
  | 'option-mismatch'
  | 'seq-out-of-step'
  | 'underlay-unreachable'
  | 'no-route-to-peer'
  | 'recursive-route'
  | 'firewall-outside'
  | 'refused-in-path'
  | 'asymmetric-path'
  | 'dropped-in-path'
  | 'nat-in-path'
  | 'ttl-too-small'
  | 'connection-stale'
  | 'reverse-path-filter'
  | 'ipsec-mismatch'
  | 'address-missing'
  | 'address-conflict'
  | 'route-missing'
  | 'route-elsewhere'
  | 'firewall-inside'
  | 'echo-ignored'
  | 'forwarding-off'
  | 'mtu-black-hole';

/** How sure a finding is. `proved`: the kernels themselves say so · `likely`: all that was seen fits · `possible`: nothing speaks against it. */
export type Certainty = 'proved' | 'likely' | 'possible';

/** What to type, and where. */
export interface Cure {
  /** Left out: where tunorch is run. */
  readonly host?: string;
  readonly commands: readonly string[];
  /** What to do that is no command, such as a word to change in the inventory; before the commands. */
  readonly words?: string;
}

export interface Finding {
  readonly cause: CauseName;
  /** Left out: somewhere between the hosts. */
  readonly host?: string;
  readonly certainty: Certainty;
  /** What is wrong, in one sentence. */
  readonly message: string;
  /** What was seen that says so. */
  readonly evidence: readonly string[];
  readonly cures: readonly Cure[];
}

/** One reason why a tunnel may not work: a file of its own in `causes`. */
export interface Cause {
  readonly name: CauseName;
  /** Completes «ruled out: …». */
  readonly title: string;
  judge(evidence: TunnelEvidence): readonly Finding[];
  /** What is worth knowing and no fault; left out: nothing ever. */
  remark?(evidence: TunnelEvidence): readonly string[];
  /** Whether there was enough to see to rule it out where it is not found; left out: always. */
  canRuleOut?(evidence: TunnelEvidence): boolean;
}

/** What is to be told of one tunnel. */
export interface Diagnosis {
  readonly tunnel: string;
  readonly isHealthy: boolean;
  /** The likeliest first; empty where nobody knows. */
  readonly findings: readonly Finding[];
  /** Titles of causes that it is not. */
  readonly ruledOut: readonly string[];
  /** What could not be looked at, with what would make it possible. */
  readonly unseen: readonly string[];
  /** What is unusual and does no harm by itself, healthy or not. */
  readonly remarks: readonly string[];
}

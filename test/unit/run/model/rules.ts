/**
 * What a run does to a tunnel: makes it; changes it so that the old state answers the new one; makes one end and changes
 * the other so; or removes it.
 */
export const KINDS = ['create', 'change', 'mixed', 'removal'] as const;
export type Kind = (typeof KINDS)[number];

/** Faults that may happen at any moment, each as often as it likes. */
export type Fault =
  | 'crash'
  /** Work takes longer than the deadline allows. */
  | 'slowness'
  | 'interrupt'
  | 'session-cut'
  | 'path-loss'
  | 'refusal'
  | 'step-failure'
  | 'echo-loss'
  /** A program hangs while its shell holds the mutex. */
  | 'hang'
  | 'death'
  /** A host stands still until everything on the other one is over; not after it has decided to keep the tunnel. */
  | 'long-pause'
  /** … also then. */
  | 'kept-pause'
  /** A host stands still for as long as it likes. */
  | 'short-pause'
  | 'link-cut';

/** The rules the protocol rests on; tests break one after the other. */
export interface Rules {
  /** `settle-after` covers how far apart the timers were started: a host decides after every deadline. */
  readonly decidesAfterAllDeadlines: boolean;
  /** … also if the timer has to take the mutex by force first. */
  readonly evictsInTime: boolean;
  /** Behind `expired` no word of the controller counts. */
  readonly hasFence: boolean;
  /** A commit can be taken back, and is asked about by the timer, until `finish`. */
  readonly hasLastWord: boolean;
  /** A commit whose peer did not confirm is taken back. */
  readonly takesBack: boolean;
  /** After doubtEndsAt the controller only looks. */
  readonly ordersInTime: boolean;
  /** tunorch_part looks and kills the timer inside the mutex. */
  readonly partsAlone: boolean;
  /** A host that has not decided is not taken for changed. */
  readonly believesDecidedOnly: boolean;
  /** A look at a host sees whether its run goes on there. */
  readonly seesRun: boolean;
  /** A peer's answer counts only if undoing would silence it, at both ends. */
  readonly evidence: 'any' | 'of-peer' | 'of-both';
  /** The timer asks the peer before it keeps what is tentative. */
  readonly asksPeer: boolean;
  /** A removal whose last word never came brings the old end back, and asks the peer through it. */
  readonly bringsBackToAsk: boolean;
  /** The second end of a removal asks when the first has decided. */
  readonly asksInTurn: boolean;
  /** Nothing is renamed to `tentative` before the peer was heard. */
  readonly hearsFirst: boolean;
  /** Whoever undoes has renamed the tunnel to `undoing` first. */
  readonly claims: boolean;
  /** A session's end undoes only what is armed. */
  readonly sessionEndSparesOpen: boolean;
  /** The controller commits only what both ends heard. */
  readonly commitsHeardOnly: boolean;
}

export const protocol: Rules = {
  decidesAfterAllDeadlines: true,
  evictsInTime: true,
  hasFence: true,
  hasLastWord: true,
  takesBack: true,
  ordersInTime: true,
  partsAlone: true,
  believesDecidedOnly: true,
  seesRun: true,
  evidence: 'of-both',
  asksPeer: true,
  bringsBackToAsk: true,
  asksInTurn: true,
  hearsFirst: true,
  claims: true,
  sessionEndSparesOpen: true,
  commitsHeardOnly: true,
};

export interface Setting {
  readonly kind: Kind;
  readonly rules: Rules;
  readonly faults: ReadonlySet<Fault>;
}

/** Whether undoing this host's steps would silence it: the first end of a `mixed` run is made, the second changed. */
export function silencesWhenUndone({ kind }: Setting, isFirst: boolean): boolean {
  return kind === 'create' || (kind === 'mixed' && isFirst);
}

/** transaction.ts: evidenceOf. */
export function evidenceOf(setting: Setting, isFirst: boolean): 'peer-answers' | 'peer-is-silent' | 'none' {
  const { kind, rules } = setting;
  if (kind === 'removal') return rules.bringsBackToAsk ? 'peer-is-silent' : 'none';
  const [own, peer] = [silencesWhenUndone(setting, isFirst), silencesWhenUndone(setting, !isFirst)];
  const isTelling = { any: true, 'of-peer': peer, 'of-both': own && peer }[rules.evidence];
  return isTelling ? 'peer-answers' : 'none';
}

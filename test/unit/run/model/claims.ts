import type { Fault, Kind, Rules } from './rules.ts';

/** Something that is said of the protocol. */
export interface Claim {
  readonly title: string;
  readonly kind: Kind;
  readonly faults: readonly Fault[];
}

const WORK_FAULTS = ['refusal', 'step-failure', 'echo-loss', 'interrupt'] as const;

/** No law is broken, whatever happens in whatever order. */
export const theorems: readonly Claim[] = [
  {
    title: 'a tunnel is made whole or not at all, whenever the controller dies, paths go and come back, and everything is slow',
    kind: 'create',
    faults: ['crash', 'path-loss', 'slowness'],
  },
  {
    title: '… when sessions are cut, steps fail, echoes are lost in one direction, the user interrupts and the controller dies',
    kind: 'create',
    faults: ['crash', 'session-cut', 'slowness', ...WORK_FAULTS],
  },
  {
    title: '… when a program hangs while its shell holds the mutex, sessions are cut and the controller dies',
    kind: 'create',
    faults: ['crash', 'hang', 'session-cut', 'step-failure', 'echo-loss'],
  },
  { title: '… when a host dies: the other is whole, and what is said of it is true', kind: 'create', faults: ['path-loss', 'death'] },
  { title: '… when a host and the controller die', kind: 'create', faults: ['crash', 'session-cut', 'death'] },
  {
    title: '… when a host stands still and wakes long after the deadline, with messages under way, and the controller dies',
    kind: 'create',
    faults: ['crash', 'long-pause', ...WORK_FAULTS],
  },
  {
    title: '… when the link between the hosts is cut while a controller lives that reaches both',
    kind: 'create',
    faults: ['link-cut', ...WORK_FAULTS],
  },
  {
    title: 'a change that the old state answers for is made whole or not at all while the controller lives and reaches both hosts anew',
    kind: 'change',
    faults: ['session-cut', ...WORK_FAULTS],
  },
  { title: '… also where only one end is made anew', kind: 'mixed', faults: ['session-cut', ...WORK_FAULTS] },
  {
    title: 'a removal is made at both ends or at none, whenever the controller dies, paths go and come back, and everything is slow',
    kind: 'removal',
    faults: ['crash', 'path-loss', 'slowness'],
  },
  {
    title: '… when sessions are cut, steps fail, the user interrupts and the controller dies',
    kind: 'removal',
    faults: ['crash', 'session-cut', 'slowness', 'refusal', 'step-failure', 'interrupt'],
  },
  { title: '… when a program hangs while its shell holds the mutex', kind: 'removal', faults: ['crash', 'hang', 'session-cut', 'step-failure'] },
  { title: '… when a host dies', kind: 'removal', faults: ['path-loss', 'death'] },
];

/** Where the laws are broken: nothing can be done without a channel that never fails; `known-windows.txt` tells how it comes about. */
export const windows: readonly Claim[] = [
  { title: 'the controller dies, and the link is cut between the questions of the two hosts', kind: 'create', faults: ['crash', 'link-cut'] },
  {
    title: 'the controller dies, and a host stands still after it decided to keep, while the other asks',
    kind: 'create',
    faults: ['crash', 'kept-pause'],
  },
  {
    title: 'one host never gets the last word, and the other stands still while it is asked',
    kind: 'create',
    faults: ['session-cut', 'long-pause'],
  },
  { title: 'a host stands still for less than the deadline, so that its timer is behind the other', kind: 'create', faults: ['short-pause'] },
  { title: 'the controller dies between the two commits of a change that the old state answers for', kind: 'change', faults: ['crash'] },
  { title: 'the controller dies between the two commits where only one end is made anew', kind: 'mixed', faults: ['crash'] },
  {
    title: 'the controller dies between the two commits of a removal, and the link is cut, so that the old ends cannot hear each other',
    kind: 'removal',
    faults: ['crash', 'link-cut'],
  },
];

/** Protocols with one rule less; the explorer must find out. */
export const brokenProtocols: readonly (Claim & { readonly without: Partial<Rules> })[] = [
  {
    title: 'a host decides before the other’s deadline',
    kind: 'create',
    faults: ['crash', 'slowness'],
    without: { decidesAfterAllDeadlines: false },
  },
  {
    title: 'orders count after the deadline',
    kind: 'create',
    faults: ['session-cut', 'slowness'],
    without: { hasFence: false, ordersInTime: false },
  },
  { title: 'a commit is final at once', kind: 'create', faults: ['session-cut'], without: { hasLastWord: false } },
  {
    title: 'a commit is never taken back, nor asked about',
    kind: 'removal',
    faults: ['session-cut'],
    without: { takesBack: false, bringsBackToAsk: false },
  },
  { title: 'the controller gives orders whenever it likes', kind: 'create', faults: ['long-pause'], without: { ordersInTime: false } },
  { title: 'a session’s end kills the timer outside the mutex', kind: 'create', faults: ['crash', 'slowness'], without: { partsAlone: false } },
  {
    title: 'the controller believes a host that has not decided',
    kind: 'create',
    faults: ['path-loss'],
    without: { believesDecidedOnly: false },
  },
  { title: 'the controller looks at facts only', kind: 'removal', faults: ['session-cut'], without: { seesRun: false } },
  { title: 'any answer counts as evidence', kind: 'change', faults: ['crash'], without: { evidence: 'any' } },
  { title: 'each end looks at its peer’s steps only', kind: 'mixed', faults: ['crash'], without: { evidence: 'of-peer' } },
  { title: 'a removal is asked about without its old end', kind: 'removal', faults: ['crash'], without: { bringsBackToAsk: false } },
  { title: 'both ends of a removal ask at once', kind: 'removal', faults: ['session-cut'], without: { asksInTurn: false } },
  { title: 'the timer keeps without asking', kind: 'create', faults: ['crash'], without: { asksPeer: false } },
  { title: 'a host is tentative without having heard', kind: 'create', faults: ['crash', 'echo-loss'], without: { hearsFirst: false } },
  { title: 'the controller commits from armed', kind: 'create', faults: ['echo-loss'], without: { commitsHeardOnly: false } },
  { title: 'undoing needs no claim', kind: 'create', faults: ['interrupt', 'slowness'], without: { claims: false } },
  { title: 'a session’s end undoes what is not final', kind: 'create', faults: ['session-cut'], without: { sessionEndSparesOpen: false } },
];

/** The states of `src/script/journal.ts`: what a tunnel's file in the run's folder is called. */
export const TUNNEL_STATES = ['armed', 'tentative', 'committed', 'kept', 'undoing', 'undone'] as const;

const MESSAGES = ['prepare', 'apply', 'verify', 'commit', 'roll-back', 'take-back', 'finish'] as const;
const REPLIES = ['ok', 'bad', 'committed', 'undone', 'expired', 'lost'] as const;
const NO_OR_YES = [false, true] as const;

/** One host: its kernel, the run's folder, the session's shell, the timer, and the connection that leads to it. */
export const HOST_FIELDS = {
  /** Only matters where the ends differ: of a `removal` the first end asks first. */
  isFirst: NO_OR_YES,
  /** `(none)` where there is no folder: before the run and after it. */
  tunnel: ['(none)', ...TUNNEL_STATES],
  /** What the kernel has; `part` while an apply is under way, and where a step failed. */
  carries: ['old', 'part', 'new'],
  /** Its verify succeeded. */
  hasHeard: NO_OR_YES,
  /** How often the inverse has run. */
  undos: [0, 1, 2],
  /** Where tunorch_watch is: before tunorch_expire, before tunorch_decide, before tunorch_clear. */
  watch: ['off', 'sleeping', 'settling', 'clearing', 'ended'],
  /** Who is inside tunorch_alone, with something half done. */
  mutex: ['free', 'apply', 'shell-undo', 'visitor-undo', 'part-undo', 'watch-undo', 'watch-heard', 'watch-asks'],
  /** Whoever is inside does not come out by itself. */
  isHung: NO_OR_YES,
  /** `heard`: the echo came, the file is not renamed yet. `leaving`: only where tunorch_part lets go of the mutex. */
  shell: ['reading', 'heard', 'leaving', 'gone'],
  inbox: ['empty', ...MESSAGES],
  /** An answer that has no path to the controller. */
  reply: ['empty', ...REPLIES],
  /** The session: the host learns for certain that it is `closed`, and perhaps never that it `vanished`. */
  line: ['open', 'closed', 'vanished'],
  path: ['up', 'down'],
  power: ['running', 'paused', 'dead'],
  /** It stood still with its timer running: its clock is behind the other's. */
  isLate: NO_OR_YES,
} as const;

const RESULTS = [
  ...REPLIES,
  'unsent',
  'sent',
  'silent',
  'none',
  /** Not known yet. */
  'open',
  /** How it was last found, while it had not decided. */
  'seen-old',
  'seen-new',
  'old',
  'new',
  'unclear',
] as const;

/** The controller: its step, how that stands with each host, and what it says in the end. */
export const CONTROLLER_FIELDS = {
  step: ['prepare', 'apply', 'verify', 'commit', 'roll-back', 'doubt', 'take-back', 'prove', 'done', 'crashed'],
  isBegun: NO_OR_YES,
  told: ['nothing', 'untouched', 'changed', 'rolled-back', 'incomplete'],
  first: RESULTS,
  second: RESULTS,
} as const;

type Fields = Readonly<Record<string, readonly unknown[]>>;
type OneOfEach<Table extends Fields> = { readonly [Field in keyof Table]: Table[Field][number] };

export type Message = (typeof MESSAGES)[number];
export type Reply = (typeof REPLIES)[number];
export type Result = (typeof RESULTS)[number];
export type HostState = OneOfEach<typeof HOST_FIELDS>;
export type ControllerState = Omit<OneOfEach<typeof CONTROLLER_FIELDS>, 'first' | 'second'> & { readonly results: readonly [Result, Result] };

/**
 * The time that everybody shares: `before` the controller's doubtEndsAt no timer has fired, since it counts from before the
 * first prepare; then come the `deadlines`, then the moment to `decide`, and of a removal that of the end that asks `last`;
 * `after` is the controller's decidedAt.
 */
export const TIMES = { before: 0, deadlines: 1, decide: 2, last: 3, after: 4 } as const;

export interface State {
  readonly hosts: readonly [HostState, HostState];
  readonly controller: ControllerState;
  readonly time: number;
  readonly link: 'up' | 'cut';
}

export type Index = 0 | 1;
export const INDEXES: readonly Index[] = [0, 1];

/** Untouched, connected and well. */
export const fresh: HostState = {
  isFirst: false,
  tunnel: '(none)',
  carries: 'old',
  hasHeard: false,
  undos: 0,
  watch: 'off',
  mutex: 'free',
  isHung: false,
  shell: 'reading',
  inbox: 'empty',
  reply: 'empty',
  line: 'open',
  path: 'up',
  power: 'running',
  isLate: false,
};

export function withHost(state: State, index: Index, change: Partial<HostState>): State {
  const host = { ...state.hosts[index], ...change };
  return { ...state, hosts: index === 0 ? [host, state.hosts[1]] : [state.hosts[0], host] };
}

export function withController(state: State, change: Partial<ControllerState>): State {
  return { ...state, controller: { ...state.controller, ...change } };
}

export function withResult(state: State, index: Index, result: Result): State {
  const [first, second] = state.controller.results;
  return withController(state, { results: index === 0 ? [result, second] : [first, result] });
}

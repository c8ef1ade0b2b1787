import { commit, isClaimable, isExpired } from './host.ts';
import type { Setting } from './rules.ts';
import { type ControllerState, type HostState, INDEXES, type Index, type Message, type Result, type State, TIMES, withController, withHost, withResult } from './state.ts';

/** One thing that may happen next in the whole world. */
export interface Move {
  readonly words: string;
  readonly host?: Index;
  readonly next: State;
  /** It may as well never happen: a fault, or the end of one. */
  readonly isOptional: boolean;
  /** It waits for a time limit first. */
  readonly isPatient?: boolean;
}

/** All that the controller can do now: the story of converge.ts, one message, visit or judgement at a time. */
export function controllerMoves(state: State, setting: Setting): readonly Move[] {
  const { step, results } = state.controller;
  if (step === 'done' || step === 'crashed') return [];
  if (results.includes('unsent') || results.includes('sent')) return INDEXES.flatMap((index) => exchange(state, index, setting));
  if (step === 'doubt') return [...INDEXES.flatMap((index) => commitAgain(state, index, setting)), ...resolveDoubt(state, setting)];
  if (step === 'prove') return [...INDEXES.flatMap((index) => rollBackAgain(state, index, setting)), ...concludeProof(state)];
  return judge(state, setting);
}

function move(words: string, next: State, host?: Index): Move {
  return { words, next, isOptional: false, ...(host === undefined ? {} : { host }) };
}

/** Session.run: the message goes out, and either its answer comes (see deliver) or the session is given up. */
function exchange(state: State, index: Index, { rules }: Setting): readonly Move[] {
  const host = state.hosts[index];
  const { step, results } = state.controller;
  if (results[index] === 'unsent') {
    if (host.line !== 'open') return [move('cannot be told: its session is over', withResult(state, index, 'silent'), index)];
    if (!rules.armsBoth && step === 'apply' && results[index === 0 ? 1 : 0] === 'sent') return [];
    return [move(`is sent «${step}»`, withResult(withHost(state, index, { inbox: step as Message }), index, 'sent'), index)];
  }
  if (results[index] !== 'sent') return [];
  if (host.line !== 'open') return [move('does not answer: its session is over', withResult(state, index, 'silent'), index)];
  if (host.path === 'up' && host.power === 'running') return [];
  return [{ ...move('is given up by the controller', withResult(hangUp(state, index), index, 'silent'), index), isPatient: true }];
}

/** An answer arrives as soon as there is a path; what it leads to is a move of its own. */
export function deliver(state: State, index: Index): State {
  const host = state.hosts[index];
  if (host.reply === 'empty') return state;
  if (host.line !== 'open') return withHost(state, index, { reply: 'empty' });
  return host.path === 'up' ? withResult(withHost(state, index, { reply: 'empty' }), index, host.reply) : state;
}

/** Session.close: the host hears of it only where there is a path; a last message goes ahead of it. */
function hangUp(state: State, index: Index, last?: Message): State {
  const host = state.hosts[index];
  if (host.line !== 'open') return state;
  const word = last !== undefined && host.power !== 'dead' ? { inbox: last } : {};
  return withHost(state, index, { ...word, reply: 'empty', line: host.path === 'up' ? 'closed' : 'vanished' });
}

/** The controller is gone from both hosts: whether a path leads to them matters no more. */
export function leave(state: State, last?: Message): State {
  return INDEXES.reduce<State>((before, index) => withHost(hangUp(before, index, last), index, { path: 'up' }), state);
}

/** What follows once a step has ended on both hosts. */
function judge(state: State, setting: Setting): readonly Move[] {
  const { step, results, isBegun } = state.controller;
  const isLate = setting.rules.ordersInTime && state.time >= TIMES.deadlines;
  const isGood = results.every((result) => result === 'ok');
  switch (step) {
    case 'prepare':
      return goOn(state, setting, { isGood, next: 'apply' });
    case 'apply':
      return goOn(withController(state, { isBegun: true }), setting, { isGood, next: setting.kind === 'removal' ? 'commit' : 'verify' });
    case 'verify':
      return goOn(state, setting, { isGood, next: 'commit' });
    case 'commit':
      if (isLate) return [goTo(state, 'prove', ['open', 'open'])];
      if (results.every((result) => result === 'committed')) return [tell(state, 'changed', setting)];
      return [goTo(state, 'doubt', results.map((result) => (result === 'committed' ? 'committed' : 'open')))];
    case 'roll-back':
      if (!isBegun) return [tell(state, 'untouched', setting)];
      return [goTo(state, 'prove', results.map(proofOf))];
    default:
      return [goTo(state, 'prove', results.map(proofOf))];
  }
}

function goOn(
  state: State,
  { faults, rules }: Setting,
  { isGood, next }: { readonly isGood: boolean; readonly next: ControllerState['step'] },
): readonly Move[] {
  const { step, results, isBegun } = state.controller;
  const isLate = rules.ordersInTime && state.time >= TIMES.deadlines;
  if (isLate && isBegun && (step === 'verify' || !isGood)) return [goTo(state, 'prove', ['open', 'open'])];
  const back = goTo(state, 'roll-back', results.map((result) => (step === 'prepare' && result !== 'ok' ? 'none' : 'unsent')));
  if (!isGood) return [back];
  const on = goTo(state, next, ['unsent', 'unsent']);
  return faults.has('interrupt') ? [on, { ...back, words: 'the user interrupts the run, and it rolls back' }] : [on];
}

function goTo(state: State, step: ControllerState['step'], results: readonly Result[]): Move {
  return move(`the controller goes on to «${step}»`, withController(state, { step, results: [results[0] ?? 'none', results[1] ?? 'none'] }));
}

/** outcome.ts: hasUndone. */
function proofOf(result: Result): Result {
  return result === 'undone' ? 'old' : 'open';
}

/** outcome.ts: resolveDoubt. */
function resolveDoubt(state: State, setting: Setting): readonly Move[] {
  const { results } = state.controller;
  const isLate = setting.rules.ordersInTime && state.time >= TIMES.deadlines;
  if (!isLate && results.every((result) => result === 'committed')) return [tell(state, 'changed', setting)];
  if (results.includes('open') && state.time < TIMES.deadlines) return [];
  if (!setting.rules.takesBack || isLate || !results.includes('committed')) return [goTo(state, 'prove', ['open', 'open'])];
  return [goTo(state, 'take-back', results.map((result) => (result === 'committed' ? 'unsent' : 'none')))];
}

function isReachable({ path, power }: HostState): boolean {
  return path === 'up' && power === 'running';
}

/** lost-host.ts: tellAgain with `commit`, over a new session, until doubtEndsAt. */
function commitAgain(state: State, index: Index, setting: Setting): readonly Move[] {
  const host = state.hosts[index];
  if (state.controller.results[index] !== 'open' || !isReachable(host) || host.mutex !== 'free') return [];
  if (setting.rules.ordersInTime && state.time >= TIMES.deadlines) return [];
  if (!setting.rules.seesRun && host.carries === 'new') return [move('is found with the tunnel', withResult(state, index, 'committed'), index)];
  if (host.tunnel === '(none)') return [move('is found, and its run is gone', withResult(state, index, 'lost'), index)];
  const { words, change } = commit(host, setting);
  if (change.reply !== 'committed') return [];
  return [move(`is found again and ${words}`, withResult(withHost(state, index, { tunnel: 'committed' }), index, 'committed'), index)];
}

/** lost-host.ts: tellAgain with `roll-back`, until decidedAt; outcome.ts: proveHost judges how it was last seen. */
function rollBackAgain(state: State, index: Index, setting: Setting): readonly Move[] {
  const host = state.hosts[index];
  const result = state.controller.results[index];
  if (result !== 'open' && result !== 'seen-old' && result !== 'seen-new') return [];
  const isLast = state.time >= TIMES.after;
  if (!isReachable(host)) {
    const lastSeen = ({ open: 'silent', 'seen-old': 'old', 'seen-new': setting.rules.believesDecidedOnly ? 'unclear' : 'new' } as const)[result];
    return isLast ? [move('stays out of reach', withResult(state, index, lastSeen), index)] : [];
  }
  if (host.mutex !== 'free') return [];
  const mayOrder = !setting.rules.ordersInTime || state.time < TIMES.deadlines;
  if (mayOrder && isClaimable(host) && !isExpired(host, setting)) {
    return [move('is found again and claims the undoing', withHost(state, index, { tunnel: 'undoing', mutex: 'visitor-undo' }), index)];
  }
  const isDecided = host.tunnel === '(none)' || !setting.rules.seesRun;
  const isUnclear = host.carries === 'part' || (host.carries === 'new' && !isDecided && setting.rules.believesDecidedOnly);
  const seen = isUnclear ? 'unclear' : host.carries;
  if (isDecided || isLast) return [move(`is found with the ${seen} state`, withResult(state, index, seen), index)];
  const sight = host.carries === 'new' ? 'seen-new' : 'seen-old';
  return sight === result ? [] : [move(`is seen with the ${seen} state, undecided`, withResult(state, index, sight), index)];
}

/** outcome.ts: proveRollback. */
function concludeProof(state: State): readonly Move[] {
  const { results } = state.controller;
  if (results.some((result) => result === 'open' || result === 'seen-old' || result === 'seen-new')) return [];
  if (results.every((result) => result === 'old')) return [tell(state, 'rolled-back')];
  return [tell(state, results.every((result) => result === 'new') ? 'changed' : 'incomplete')];
}

/** The recap; the last word travels with the end of the sessions. */
function tell(state: State, told: ControllerState['told'], setting?: Setting): Move {
  const hasLastWord = told === 'changed' && setting?.rules.hasLastWord !== false;
  const next = withController(leave(state, hasLastWord ? 'finish' : undefined), { step: 'done', results: ['none', 'none'], told });
  return move(`the controller says «${told}» and closes`, next);
}

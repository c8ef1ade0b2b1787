import { commit, isClaimable, isExpired } from './host.ts';
import type { Setting } from './rules.ts';
import {
  type ControllerState,
  type HostState,
  INDEXES,
  type Index,
  type Message,
  type Result,
  type State,
  TIMES,
  withController,
  withHost,
  withResult,
} from './state.ts';

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
  if (results.includes('unsent') || results.includes('sent')) return INDEXES.flatMap((index) => exchange(state, index));
  if (step === 'doubt') return [...INDEXES.flatMap((index) => commitAgain(state, index, setting)), ...resolveDoubt(state, setting)];
  if (step === 'prove') return [...INDEXES.flatMap((index) => rollBackAgain(state, index, setting)), ...concludeProof(state, setting)];
  return judge(state, setting);
}

function move(words: string, next: State, host?: Index): Move {
  return { words, next, isOptional: false, ...(host === undefined ? {} : { host }) };
}

/** Session.run: the message goes out, and either its answer comes (see deliver) or the session is given up. */
function exchange(state: State, index: Index): readonly Move[] {
  const host = state.hosts[index];
  const { step, results } = state.controller;
  if (results[index] === 'unsent') {
    if (host.line !== 'open') return [move('cannot be told: its session is over', withResult(state, index, 'silent'), index)];
    return [move(`is sent «${step}»`, withResult(withHost(state, index, { inbox: step as Message }), index, 'sent'), index)];
  }
  if (results[index] !== 'sent') return [];
  if (host.line !== 'open') return [move('does not answer: its session is over', withResult(state, index, 'silent'), index)];
  if (isReachable(host) && !host.isHung) return [];
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
  const isGood = results.every((result) => result === 'ok') || (step === 'verify' && !setting.rules.commitsHeardOnly && !results.includes('silent'));
  switch (step) {
    case 'prepare':
      return goOn(state, setting, { isGood, next: 'apply' });
    case 'apply':
      return goOn(withController(state, { isBegun: true }), setting, { isGood, next: setting.kind === 'removal' ? 'commit' : 'verify' });
    case 'verify':
      return goOn(state, setting, { isGood, next: 'commit' });
    case 'commit':
      if (!mayOrder(state, setting)) return [goTo(state, 'prove', ['open', 'open'])];
      if (results.every((result) => result === 'committed')) return [tell(state, 'changed', setting)];
      return [
        goTo(
          state,
          'doubt',
          results.map((result) => (result === 'committed' ? 'committed' : 'open')),
        ),
      ];
    case 'roll-back':
      if (!isBegun) return [tell(state, 'untouched', setting)];
      return [goTo(state, 'prove', results.map(proofOf))];
    default:
      return [goTo(state, 'prove', results.map(proofOf))];
  }
}

function goOn(
  state: State,
  setting: Setting,
  { isGood, next }: { readonly isGood: boolean; readonly next: ControllerState['step'] },
): readonly Move[] {
  const { step, results, isBegun } = state.controller;
  const on = goTo(state, next, ['unsent', 'unsent']);
  const back = goTo(
    state,
    'roll-back',
    results.map((result) => (step === 'prepare' && result !== 'ok' ? 'none' : 'unsent')),
  );
  if (mayOrder(state, setting)) {
    if (!isGood) return [back];
    return setting.faults.has('interrupt') ? [on, { ...back, words: 'the user interrupts the run, and it rolls back' }] : [on];
  }
  if (isGood && next !== 'commit') return [on];
  return [isBegun ? goTo(state, 'prove', ['open', 'open']) : tell(state, 'untouched')];
}

function goTo(state: State, step: ControllerState['step'], results: readonly Result[]): Move {
  return move(`the controller goes on to «${step}»`, withController(state, { step, results: [results[0] ?? 'none', results[1] ?? 'none'] }));
}

/** outcome.ts: hasUndone. */
function proofOf(result: Result): Result {
  return result === 'undone' ? 'old' : 'open';
}

/** outcome.ts: resolveDoubt; the waiting ends early enough for a take-back to be heard in time, or it is left to the hosts. */
function resolveDoubt(state: State, setting: Setting): readonly Move[] {
  const { results } = state.controller;
  const { takesBack } = setting.rules;
  const isInTime = mayOrder(state, setting);
  if (isInTime && results.every((result) => result === 'committed')) return [tell(state, 'changed', setting)];
  const prove = goTo(state, 'prove', ['open', 'open']);
  if (!isInTime || !takesBack || !results.includes('committed')) return results.includes('open') && state.time === TIMES.before ? [] : [prove];
  const back = goTo(
    state,
    'take-back',
    results.map((result) => (result === 'committed' ? 'unsent' : 'none')),
  );
  return [{ ...back, isPatient: results.includes('open') }];
}

/** transaction.ts: mayOrder. */
function mayOrder({ time }: State, { rules }: Setting): boolean {
  return !rules.ordersInTime || time === TIMES.before;
}

function isReachable({ path, power }: HostState): boolean {
  return path === 'up' && power === 'running';
}

/** lost-host.ts: tellAgain with `commit`, over a new session, until doubtEndsAt. */
function commitAgain(state: State, index: Index, setting: Setting): readonly Move[] {
  const host = state.hosts[index];
  if (state.controller.results[index] !== 'open' || !isReachable(host) || host.mutex !== 'free') return [];
  if (!mayOrder(state, setting)) return [];
  if (!setting.rules.seesRun && host.carries === 'new') return [move('is found with the tunnel', withResult(state, index, 'committed'), index)];
  if (host.tunnel === '(none)') return [move('is found, and its run is gone', withResult(state, index, 'lost'), index)];
  const { words, change } = commit(host, setting);
  if (change.reply !== 'committed') return [];
  return [move(`is found again and ${words}`, withResult(withHost(state, index, { tunnel: 'committed' }), index, 'committed'), index)];
}

/** lost-host.ts: tellAgain with `roll-back`, until decidedAt. */
function rollBackAgain(state: State, index: Index, setting: Setting): readonly Move[] {
  const host = state.hosts[index];
  const result = state.controller.results[index];
  if (result !== 'open' && result !== 'seen-old' && result !== 'seen-new') return [];
  if (isReachable(host)) return host.mutex === 'free' ? visit(state, index, { result, setting }) : [];
  const isOver = state.time >= TIMES.after;
  return isOver ? [move('stays out of reach', withResult(state, index, lastSeen(result, setting)), index)] : [];
}

function visit(state: State, index: Index, { result, setting }: { readonly result: Result; readonly setting: Setting }): readonly Move[] {
  const host = state.hosts[index];
  const isTold = setting.rules.takesBack && mayOrder(state, setting) && !isExpired(host, setting);
  if (isTold && isClaimable(host)) {
    return [move('is found again and claims the undoing', withHost(state, index, { tunnel: 'undoing', mutex: 'visitor-undo' }), index)];
  }
  const isDecided = host.tunnel === '(none)' || (isTold && host.tunnel === 'undone');
  if (isDecided) return [move(`is found with the ${host.carries} state`, withResult(state, index, carried(host)), index)];
  const sight = host.carries === 'new' ? 'seen-new' : 'seen-old';
  const next = state.time >= TIMES.after || !setting.rules.seesRun ? lastSeen(sight, setting) : sight;
  return next === result ? [] : [move('is found, and has not decided', withResult(state, index, next), index)];
}

/** outcome.ts: proveHost, of a host that had not decided when it was last seen. */
function lastSeen(sight: 'open' | 'seen-old' | 'seen-new', { rules }: Setting): Result {
  if (sight === 'open') return 'silent';
  if (rules.believesDecidedOnly) return 'unclear';
  return sight === 'seen-new' ? 'new' : 'old';
}

function carried({ carries }: HostState): Result {
  return carries === 'part' ? 'unclear' : carries;
}

/** outcome.ts: proveRollback. */
function concludeProof(state: State, setting: Setting): readonly Move[] {
  const { results } = state.controller;
  if (results.some((result) => result === 'open' || result === 'seen-old' || result === 'seen-new')) return [];
  if (results.every((result) => result === 'old')) return [tell(state, 'rolled-back')];
  return [tell(state, results.every((result) => result === 'new') ? 'changed' : 'incomplete', setting)];
}

/** The recap; the last word travels with the end of the sessions. */
function tell(state: State, told: ControllerState['told'], setting?: Setting): Move {
  const hasLastWord = told === 'changed' && setting?.rules.hasLastWord === true && mayOrder(state, setting);
  const next = withController(leave(state, hasLastWord ? 'finish' : undefined), { step: 'done', results: ['none', 'none'], told });
  return move(`the controller says «${told}» and closes`, next);
}

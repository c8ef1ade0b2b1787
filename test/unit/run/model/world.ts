import { controllerMoves, deliver, leave, type Move } from './controller.ts';
import { hostMoves } from './host.ts';
import type { Setting } from './rules.ts';
import { fresh, type HostState, INDEXES, type Index, type State, TIMES, withController, withHost } from './state.ts';

export function startOf({ kind }: Setting): State {
  return {
    hosts: [{ ...fresh, isFirst: kind === 'mixed' }, fresh],
    controller: { step: 'prepare', results: ['unsent', 'unsent'], isBegun: false, told: 'nothing' },
    time: TIMES.before,
    link: 'up',
  };
}

/** All that may happen next: programs, time and faults. */
export function moves(state: State, setting: Setting): readonly Move[] {
  const work = [...controllerMoves(state, setting), ...INDEXES.flatMap((index) => programMoves(state, index, setting))];
  const isPrompt = !setting.faults.has('slowness') && state.time === TIMES.before && work.some(({ isOptional, isPatient }) => !isOptional && isPatient !== true);
  return [
    ...work,
    ...(isPrompt ? [] : timeMoves(state, setting)),
    ...INDEXES.flatMap((index) => hostFaults(state, index, setting)),
    ...sharedFaults(state, setting),
  ];
}

function programMoves(state: State, index: Index, setting: Setting): readonly Move[] {
  const [host, peer] = [state.hosts[index], state.hosts[index === 0 ? 1 : 0]];
  return hostMoves(host, { setting, peer, time: state.time, link: state.link }).map(({ words, change, isOptional = false }) => ({
    words,
    host: index,
    next: deliver(withHost(state, index, change), index),
    isOptional,
  }));
}

/**
 * Time goes on once every host that did not stand still has done what its clock told it. Through this alone the clocks
 * are compared: the controller counts from before the first prepare (doubtEndsAt comes first), and a host that was
 * prepared and answered has its deadline before any other decides (settle-after covers the skew).
 */
function timeMoves(state: State, { rules }: Setting): readonly Move[] {
  const words = TIME_WORDS[state.time];
  if (words === undefined || (rules.decidesAfterAllDeadlines && isBehind(state))) return [];
  return [{ words, next: { ...state, time: state.time + 1 }, isOptional: false }];
}

const TIME_WORDS = ['the first deadline draws near', 'every deadline has passed', 'every timer must have ended'];

function isBehind({ hosts, time, controller }: State): boolean {
  const isOnTime = ({ power, isLate }: HostState) => power === 'running' && !isLate;
  if (time === TIMES.deadlines) return controller.step === 'prepare' || hosts.some((host) => isOnTime(host) && host.watch === 'sleeping');
  return time === TIMES.decide && hosts.some((host) => isOnTime(host) && host.watch !== 'off' && host.watch !== 'ended');
}

function hostFaults(state: State, index: Index, { faults }: Setting): readonly Move[] {
  const host = state.hosts[index];
  if (host.power === 'dead') return [];
  const found: Move[] = [];
  const add = (words: string, next: State, isOptional = true) => found.push({ words, host: index, next, isOptional });
  if (host.power === 'paused') {
    const mustWake = state.time >= TIMES.after;
    if (faults.has('short-pause') || mustWake) add('wakes', withHost(state, index, { power: 'running' }), !mustWake);
  } else if (mayStandStill(state, index, faults)) {
    add('stands still', withHost(state, index, { power: 'paused', isLate: host.watch !== 'off' }));
  }
  if (faults.has('death')) {
    const line = host.line === 'open' ? 'open' : 'closed';
    add('dies', withHost(state, index, { ...fresh, isFirst: host.isFirst, power: 'dead', line }));
  }
  if (faults.has('session-cut') && host.line === 'open') add('’s session is cut', withHost(state, index, { line: 'closed', reply: 'empty' }));
  if (faults.has('path-loss') && state.controller.step !== 'done' && state.controller.step !== 'crashed') {
    const path = host.path === 'up' ? 'down' : 'up';
    add(path === 'up' ? 'can be reached again' : 'cannot be reached any more', deliver(withHost(state, index, { path }), index));
  }
  if (isUnderWay(host) && (faults.has('path-loss') || faults.has('session-cut'))) {
    add('never gets what was under way', withHost(state, index, { inbox: 'empty' }));
  }
  return found;
}

/** One host of the two stands still, as often as it likes. */
function mayStandStill({ hosts, time }: State, index: Index, faults: Setting['faults']): boolean {
  const [host, peer] = [hosts[index], hosts[index === 0 ? 1 : 0]];
  const hasKept = host.tunnel === 'kept' || host.mutex === 'watch-heard';
  if (!(hasKept ? faults.has('kept-pause') : faults.has('long-pause') || faults.has('short-pause'))) return false;
  return host.watch !== 'ended' && time < TIMES.after && peer.power !== 'paused' && !peer.isLate;
}

/** A message whose session is over may be lost until the shell has begun with it. */
function isUnderWay({ inbox, line, mutex, shell }: HostState): boolean {
  return inbox !== 'empty' && line !== 'open' && mutex !== 'apply' && mutex !== 'shell-undo' && shell === 'reading';
}

function sharedFaults(state: State, { faults }: Setting): readonly Move[] {
  const { step } = state.controller;
  const found: Move[] = [];
  if (faults.has('link-cut') && state.link === 'up') found.push({ words: 'the link between the hosts is cut', next: { ...state, link: 'cut' }, isOptional: true });
  if (faults.has('crash') && step !== 'done' && step !== 'crashed') {
    const next = withController(leave(state), { step: 'crashed', results: ['none', 'none'] });
    found.push({ words: 'the controller crashes', next, isOptional: true });
  }
  return found;
}

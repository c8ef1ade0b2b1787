import { controllerMoves, deliver, leave, type Move } from './controller.ts';
import { decidesAt, hostMoves } from './host.ts';
import type { Setting } from './rules.ts';
import { fresh, type HostState, INDEXES, type Index, type State, TIMES, withController, withHost } from './state.ts';

export function startOf({ kind }: Setting): State {
  return {
    hosts: [{ ...fresh, isFirst: kind === 'mixed' || kind === 'removal' }, fresh],
    controller: { step: 'prepare', results: ['unsent', 'unsent'], isBegun: false, told: 'nothing' },
    time: TIMES.before,
    link: 'up',
  };
}

/** All that may happen next: programs, time and faults. */
export function moves(state: State, setting: Setting): readonly Move[] {
  const work = [...controllerMoves(state, setting), ...INDEXES.flatMap((index) => programMoves(state, index, setting))];
  const isPrompt =
    !setting.faults.has('slowness') && state.time === TIMES.before && work.some(({ isOptional, isPatient }) => !isOptional && isPatient !== true);
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
function timeMoves(state: State, setting: Setting): readonly Move[] {
  const { rules, kind } = setting;
  const time = state.time === TIMES.decide && kind !== 'removal' ? TIMES.last : state.time;
  const words = TIME_WORDS[time];
  if (words === undefined || (rules.decidesAfterAllDeadlines && isBehind(state, setting))) return [];
  return [{ words, next: { ...state, time: time + 1 }, isOptional: false }];
}

const TIME_WORDS = ['the first deadline draws near', 'every deadline has passed', 'every first end has decided', 'every timer must have ended'];

function isBehind({ hosts, time, controller }: State, setting: Setting): boolean {
  const { evictsInTime } = setting.rules;
  const isOnTime = ({ power, isLate, isHung }: HostState) => power === 'running' && !isLate && (evictsInTime || !isHung);
  if (time === TIMES.deadlines) return controller.step === 'prepare' || hosts.some((host) => isOnTime(host) && host.watch === 'sleeping');
  const isDue = (host: HostState) => time >= decidesAt(host, setting) && time < TIMES.after;
  return hosts.some((host) => isDue(host) && isOnTime(host) && host.watch !== 'off' && host.watch !== 'ended');
}

function hostFaults(state: State, index: Index, { faults }: Setting): readonly Move[] {
  const host = state.hosts[index];
  if (host.power === 'dead') return [];
  const isWatched = state.controller.step !== 'done' && state.controller.step !== 'crashed';
  const isCuttable = faults.has('path-loss') || faults.has('session-cut');
  return [
    ...pauses(state, index, faults),
    ...(faults.has('death') ? [fault('dies', state, index, deadAs(host))] : []),
    ...(faults.has('hang') ? hangs(state, index) : []),
    ...(faults.has('session-cut') && host.line === 'open' ? [fault('’s session is cut', state, index, { line: 'closed', reply: 'empty' })] : []),
    ...(faults.has('path-loss') && isWatched ? [pathFault(state, index)] : []),
    ...(isCuttable && isUnderWay(host) ? [fault('never gets what was under way', state, index, { inbox: 'empty' })] : []),
  ];
}

function fault(words: string, state: State, index: Index, change: Partial<HostState>): Move {
  return { words, host: index, next: withHost(state, index, change), isOptional: true };
}

function hangs(state: State, index: Index): readonly Move[] {
  const { mutex, isHung } = state.hosts[index];
  if (mutex === 'free' || mutex.startsWith('watch-')) return [];
  return [fault(isHung ? 'comes to itself again' : 'hangs in the middle of it', state, index, { isHung: !isHung })];
}

function deadAs({ isFirst, line }: HostState): HostState {
  return { ...fresh, isFirst, power: 'dead', line: line === 'open' ? 'open' : 'closed' };
}

function pathFault(state: State, index: Index): Move {
  if (state.hosts[index].path === 'up') return fault('cannot be reached any more', state, index, { path: 'down' });
  const move = fault('can be reached again', state, index, { path: 'up' });
  return { ...move, next: deliver(move.next, index) };
}

/** A host that stands still wakes for certain once everything else is over. */
function pauses(state: State, index: Index, faults: Setting['faults']): readonly Move[] {
  const { power, watch } = state.hosts[index];
  const mustWake = state.time >= TIMES.after;
  if (power === 'paused') {
    const wakes = { ...fault('wakes', state, index, { power: 'running' }), isOptional: !mustWake };
    return mustWake || faults.has('short-pause') ? [wakes] : [];
  }
  return mayStandStill(state, index, faults) ? [fault('stands still', state, index, { power: 'paused', isLate: watch !== 'off' })] : [];
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
  if (faults.has('link-cut') && state.link === 'up')
    found.push({ words: 'the link between the hosts is cut', next: { ...state, link: 'cut' }, isOptional: true });
  if (faults.has('crash') && step !== 'done' && step !== 'crashed') {
    const next = withController(leave(state), { step: 'crashed', results: ['none', 'none'] });
    found.push({ words: 'the controller crashes', next, isOptional: true });
  }
  return found;
}

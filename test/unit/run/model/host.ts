import { evidenceOf, type Setting, silencesWhenUndone } from './rules.ts';
import { type HostState, type Reply, TIMES } from './state.ts';

/** One thing a host may do next; it changes nothing but the host itself. */
export interface HostMove {
  readonly words: string;
  readonly change: Partial<HostState>;
  /** It may as well never happen. */
  readonly isOptional?: boolean;
}

/** What a host sees of the world around it. */
export interface Surroundings {
  readonly setting: Setting;
  readonly peer: HostState;
  readonly time: number;
  readonly link: 'up' | 'cut';
}

/** All that the host's own programs can do now: the shell with what was sent to it, the shell's end, and the timer. */
export function hostMoves(host: HostState, around: Surroundings): readonly HostMove[] {
  if (host.power !== 'running') return [];
  return [...shellMoves(host, around), ...visitorMoves(host), ...leaveMoves(host, around.setting), ...watchMoves(host, around)];
}

/** `ping` through the tunnel. */
function hears(host: HostState, { peer, link, setting }: Surroundings): boolean {
  if (link === 'cut' || peer.power !== 'running' || host.carries !== 'new') return false;
  return peer.carries === 'new' || (peer.carries === 'old' && !silencesWhenUndone(setting, peer.isFirst));
}

/** `expired` lies in the run's folder. */
export function isExpired({ watch }: HostState, { rules }: Setting): boolean {
  return rules.hasFence && (watch === 'settling' || watch === 'clearing');
}

function shellMoves(host: HostState, around: Surroundings): readonly HostMove[] {
  if (host.isHung || (host.shell !== 'reading' && host.shell !== 'heard')) return [];
  switch (host.inbox) {
    case 'prepare':
      return prepare(around.setting);
    case 'apply':
      return apply(host, around.setting);
    case 'verify':
      return verify(host, around);
    case 'commit':
      return host.mutex === 'free' ? [commit(host, around.setting)] : [];
    case 'roll-back':
    case 'take-back':
      return takeBack(host, around.setting);
    case 'finish':
      return host.mutex === 'free' ? [finish(host, around.setting)] : [];
    default:
      return [];
  }
}

function answer(words: string, reply: Reply, change: Partial<HostState> = {}): HostMove {
  return { words: `${words} («${reply}»)`, change: { ...change, inbox: 'empty', reply } };
}

/** prepare.ts: tunorch_prepare. */
function prepare({ faults }: Setting): readonly HostMove[] {
  const done = answer('is prepared: armed, its timer runs', 'ok', { tunnel: 'armed', watch: 'sleeping' });
  return faults.has('refusal') ? [done, answer('refuses to be prepared', 'bad')] : [done];
}

/** apply.ts: tunorch_apply. */
function apply(host: HostState, { faults }: Setting): readonly HostMove[] {
  if (host.mutex === 'apply') {
    const done = answer('has applied every step', 'ok', { carries: 'new', mutex: 'free' });
    return faults.has('step-failure') ? [done, answer('fails at a step', 'bad', { mutex: 'free' })] : [done];
  }
  if (host.mutex !== 'free') return [];
  if (host.tunnel !== 'armed') return [answer('finds nothing armed to apply', 'bad')];
  return [{ words: 'begins to apply', change: { carries: 'part', mutex: 'apply' } }];
}

/** probe.ts with the rename of verify-tunnels.ts; the only rename outside the mutex. */
function verify(host: HostState, around: Surroundings): readonly HostMove[] {
  const { rules, faults } = around.setting;
  if (host.shell === 'heard') {
    return [answer('has verified', 'ok', { shell: 'reading', hasHeard: true, ...(host.tunnel === 'armed' ? { tunnel: 'tentative' } : {}) })];
  }
  const deaf = answer('does not hear its peer', 'bad', rules.hearsFirst || host.tunnel !== 'armed' ? {} : { tunnel: 'tentative' });
  if (!hears(host, around)) return [deaf];
  const heard: HostMove = { words: 'hears its peer', change: { shell: 'heard' } };
  return faults.has('echo-loss') ? [heard, deaf] : [heard];
}

/** settle.ts: tunorch_commit. */
export function commit(host: HostState, setting: Setting): HostMove {
  const { kind, rules } = setting;
  const from = kind === 'removal' || (!rules.commitsHeardOnly && host.tunnel === 'armed') ? 'armed' : 'tentative';
  if (isExpired(host, setting)) return answer('decides alone', 'expired');
  if (host.tunnel === from || host.tunnel === 'committed') return answer('commits', 'committed', { tunnel: 'committed' });
  return answer('cannot commit any more', 'lost');
}

/** settle.ts: tunorch_take_back, of a roll-back or of a commit. */
function takeBack(host: HostState, setting: Setting): readonly HostMove[] {
  if (!setting.rules.claims && host.tunnel !== '(none)') return [answer('undoes without a claim', 'undone', undone(host))];
  if (host.mutex === 'shell-undo') return [answer('has undone', 'undone', { ...undone(host), mutex: 'free' })];
  if (host.mutex !== 'free') return [];
  if (isExpired(host, setting)) return [answer('decides alone', 'expired')];
  if (isClaimable(host)) return [{ words: 'claims the undoing, as the controller says', change: { tunnel: 'undoing', mutex: 'shell-undo' } }];
  return [host.tunnel === 'undone' ? answer('has undone before', 'undone') : answer('has nothing to undo', 'lost')];
}

/** journal.ts: tunorch_finish, the last word. */
function finish(host: HostState, setting: Setting): HostMove {
  const isInTime = !isExpired(host, setting) && isOpen(host, setting);
  return {
    words: isInTime ? 'hears the last word' : 'has no use for the last word',
    change: { inbox: 'empty', ...(isInTime ? { tunnel: 'kept' } : {}) },
  };
}

/** journal.ts: tunorch_claim. */
export function isClaimable({ tunnel }: HostState): boolean {
  return tunnel === 'armed' || tunnel === 'tentative' || tunnel === 'committed';
}

/** journal.ts: tunorch_redo. */
function undone(host: HostState): Partial<HostState> {
  return { tunnel: 'undone', carries: 'old', hasHeard: false, undos: host.undos === 0 ? 1 : 2 };
}

/** The timer has to decide about it. */
function isOpen({ tunnel }: HostState, { rules }: Setting): boolean {
  return tunnel === 'tentative' || (tunnel === 'committed' && rules.hasLastWord);
}

/** lost-host.ts: what a new session began under the mutex. */
function visitorMoves(host: HostState): readonly HostMove[] {
  return host.mutex === 'visitor-undo' && !host.isHung ? [{ words: 'has undone', change: { ...undone(host), mutex: 'free' } }] : [];
}

/** prepare.ts: tunorch_leave, the trap of the session's shell, with journal.ts: tunorch_part. */
function leaveMoves(host: HostState, setting: Setting): readonly HostMove[] {
  const { rules } = setting;
  const isOptional = host.line === 'vanished';
  if (host.shell === 'leaving') return [part(host, setting)];
  if (host.isHung) return [];
  if (host.mutex === 'part-undo') {
    const after = { ...host, ...undone(host), mutex: 'free' } as const;
    return [
      {
        words: 'has undone, for its session ended',
        change: { ...after, ...(rules.partsAlone ? part(after, setting).change : { shell: 'leaving' }) },
      },
    ];
  }
  if (host.shell !== 'reading' || host.line === 'open' || host.inbox !== 'empty') return [];
  if (host.watch === 'off' || host.watch === 'ended') return [{ words: 'loses its session', change: { shell: 'gone' }, isOptional }];
  if (host.mutex !== 'free') return [];
  if (isExpired(host, setting)) return [{ words: 'loses its session, and decides alone', change: { shell: 'gone' }, isOptional }];
  if (host.tunnel === 'armed' || (isOpen(host, setting) && !rules.sessionEndSparesOpen)) {
    return [{ words: 'claims the undoing, for its session ended', change: { tunnel: 'undoing', mutex: 'part-undo' }, isOptional }];
  }
  return rules.partsAlone
    ? [{ ...part(host, setting), isOptional }]
    : [{ words: 'loses its session with nothing armed', change: { shell: 'leaving' }, isOptional }];
}

/** The end of tunorch_part: kills the timer, whatever it does, unless something is left for it to decide. */
function part(host: HostState, setting: Setting): HostMove {
  if (isOpen(host, setting)) return { words: 'loses its session, and leaves the rest to its timer', change: { shell: 'gone' } };
  const mutex = host.mutex === 'watch-undo' || host.mutex === 'watch-heard' ? 'free' : host.mutex;
  return { words: 'loses its session, ends its timer and clears', change: { shell: 'gone', watch: 'ended', tunnel: '(none)', mutex } };
}

/** Where both ends of a removal are committed, the first must not hear the second ask. */
export function decidesAt({ isFirst }: HostState, { kind, rules }: Setting): number {
  return kind === 'removal' && !isFirst && rules.asksInTurn ? TIMES.last : TIMES.decide;
}

/** journal.ts: tunorch_watch. */
function watchMoves(host: HostState, around: Surroundings): readonly HostMove[] {
  const { rules } = around.setting;
  switch (host.watch) {
    case 'sleeping':
      return around.time >= TIMES.deadlines ? expire(host) : [];
    case 'settling':
      return around.time >= (rules.decidesAfterAllDeadlines ? decidesAt(host, around.setting) : TIMES.deadlines) ? decide(host, around) : [];
    case 'clearing':
      return [{ words: '’s timer clears', change: { watch: 'ended', tunnel: '(none)' } }];
    default:
      return [];
  }
}

/** journal.ts: tunorch_force. What the others left half undone is undone first. */
function force(host: HostState): readonly HostMove[] {
  if (!host.isHung) return [];
  const freed = { isHung: false, mutex: host.tunnel === 'undoing' ? 'watch-undo' : 'free' } as const;
  const words = '’s timer kills who holds the mutex';
  if (host.mutex === 'apply') return [{ words, change: { ...freed, inbox: 'empty', reply: 'bad' } }];
  if (host.mutex === 'shell-undo') return [{ words, change: { ...freed, inbox: 'empty', reply: 'lost' } }];
  return [{ words, change: { ...freed, ...(host.mutex === 'part-undo' ? { shell: 'gone' } : {}) } }];
}

/** journal.ts: tunorch_expire. */
function expire(host: HostState): readonly HostMove[] {
  if (host.mutex === 'watch-undo') return [{ words: '’s timer has undone', change: { ...undone(host), mutex: 'free', watch: 'settling' } }];
  if (host.mutex !== 'free') return force(host);
  if (host.tunnel === 'armed')
    return [{ words: '’s deadline passes; its timer claims the undoing', change: { tunnel: 'undoing', mutex: 'watch-undo' } }];
  return [{ words: '’s deadline passes; nothing is armed', change: { watch: 'settling' } }];
}

/** journal.ts: tunorch_restore is done; the last look whether the peer is there and the removal are one. */
function askThroughOldEnd({ peer, link }: Surroundings): HostMove {
  if (link === 'up' && peer.power === 'running' && peer.carries === 'old')
    return { words: '’s timer asks its peer, hears it, and claims the undoing', change: { tunnel: 'undoing', mutex: 'watch-undo' } };
  return {
    words: '’s timer asks its peer in vain, and removes its end again',
    change: { tunnel: 'kept', carries: 'new', mutex: 'free', watch: 'clearing' },
  };
}

/** journal.ts: tunorch_decide, and tunorch_ask of the one tunnel. */
function decide(host: HostState, around: Surroundings): readonly HostMove[] {
  const { setting } = around;
  if (host.mutex === 'watch-heard') return [{ words: '’s timer keeps the tunnel', change: { tunnel: 'kept', mutex: 'free', watch: 'clearing' } }];
  if (host.mutex === 'watch-undo') return [{ words: '’s timer has undone', change: { ...undone(host), mutex: 'free', watch: 'clearing' } }];
  if (host.mutex === 'watch-asks') return [askThroughOldEnd(around)];
  if (host.mutex !== 'free') return force(host);
  if (!isOpen(host, setting)) return [{ words: '’s timer finds nothing to decide', change: { watch: 'clearing' } }];
  if (!setting.rules.asksPeer) return [{ words: '’s timer asks nobody', change: { mutex: 'watch-heard' } }];
  const evidence = evidenceOf(setting, host.isFirst);
  if (evidence === 'peer-is-silent') return [{ words: '’s timer brings the old end back to ask', change: { carries: 'old', mutex: 'watch-asks' } }];
  if (evidence === 'none') {
    if (host.tunnel === 'committed') return [{ words: '’s timer has nobody to ask, and it is committed', change: { mutex: 'watch-heard' } }];
    return [{ words: '’s timer has nobody to ask, and claims the undoing', change: { tunnel: 'undoing', mutex: 'watch-undo' } }];
  }
  if (hears(host, around)) return [{ words: '’s timer asks its peer and hears it', change: { mutex: 'watch-heard' } }];
  return [{ words: '’s timer asks its peer in vain and claims the undoing', change: { tunnel: 'undoing', mutex: 'watch-undo' } }];
}

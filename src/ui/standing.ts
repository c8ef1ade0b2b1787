import type { PhaseState } from './phase-from-hosts.ts';
import type { HostState, TunnelState } from './run-state.ts';
import type { Tone } from './theme.ts';
import { OUTCOME_WORDS, PHASE_WORDS } from './words.ts';

/** What deserves the eye first: the order of this list is the order on a screen too small for all. */
export const STANDINGS = ['failing', 'running', 'waiting', 'done'] as const;

export type Standing = (typeof STANDINGS)[number];

const BAD: ReadonlySet<TunnelState['outcome']> = new Set(['rolled-back', 'rollback-incomplete', 'failed', 'unreachable', 'degraded']);

export function tunnelStanding(tunnel: TunnelState): Standing {
  if (BAD.has(tunnel.outcome)) return 'failing';
  if (tunnel.outcome !== undefined) return 'done';
  if (isInTrouble(tunnel) || tunnel.state === 'failed') return 'failing';
  return tunnel.state === 'waiting' && tunnel.changes === undefined ? 'waiting' : 'running';
}

export function hostStanding(host: HostState): Standing {
  if (host.failure !== undefined || host.state === 'failed' || isUndoing(host)) return 'failing';
  return host.state === 'started' ? 'running' : host.state;
}

function isInTrouble(tunnel: TunnelState): boolean {
  return tunnel.problems.length > 0 || tunnel.hasFailedStep || isUndoing(tunnel);
}

function isUndoing({ phase }: Pick<TunnelState, 'phase'>): boolean {
  return phase === 'roll-back' || phase === 'prove';
}

/** How a host or a tunnel stands, as a sign and a word: readable without colour, and without the word's meaning learnt. */
export interface Badge {
  /** Absent where something moves: a spinner stands there. */
  readonly sign?: string;
  readonly word: string;
  readonly tone: Tone;
}

export function tunnelBadge(tunnel: TunnelState): Badge {
  if (tunnel.outcome !== undefined) return OUTCOME_WORDS[tunnel.outcome];
  return phaseBadge(tunnel, isInTrouble(tunnel));
}

export function hostBadge(host: HostState): Badge {
  if (host.failure === undefined) return phaseBadge(host, isUndoing(host));
  return { sign: '✗', word: host.phase === 'connect' || host.phase === undefined ? 'unreachable' : 'failed', tone: 'bad' };
}

function phaseBadge({ phase, state }: { readonly phase?: TunnelState['phase']; readonly state: PhaseState }, isBad: boolean): Badge {
  if (phase === undefined || state === 'waiting') return { sign: '·', word: 'waiting', tone: 'quiet' };
  if (state === 'failed') return { sign: '✗', word: `${phase} failed`, tone: 'bad' };
  if (state === 'started') return { word: PHASE_WORDS[phase].running, tone: isBad ? 'bad' : 'busy' };
  return { sign: '●', word: PHASE_WORDS[phase].done, tone: isBad ? 'bad' : 'good' };
}

/** The first `room` of a list by standing; all of them, in their own order, where there is room. */
export function inWindow<One>(all: readonly One[], room: number, standingOf: (one: One) => Standing): readonly One[] {
  if (all.length <= room) return all;
  return STANDINGS.flatMap((standing) => all.filter((one) => standingOf(one) === standing)).slice(0, Math.max(0, room));
}

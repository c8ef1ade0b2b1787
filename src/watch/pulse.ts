import type { Tunnel } from '../domain/tunnel.ts';
import { holdMs } from './damping.ts';
import { degradationOf, JUDGED_MOST } from './degradation.ts';
import { type End, heard, unseen } from './end.ts';
import { reasonFor } from './reason.ts';
import { appended, type Sighting } from './sighting.ts';

/** `degraded`: packets cross, but more are lost or they take longer than its rules allow · `unknown`: neither end could be asked. */
export type Health = 'up' | 'degraded' | 'down' | 'unknown';

/** How a tunnel is judged. */
export interface PulseRules {
  readonly intervalMs: number;
  /** Rounds in a row without an answer that make an outage, 1 or more. */
  readonly retries: number;
}

/** Milliseconds an answer took; null where none came. */
export type Beat = number | null;

/** Beats that are kept of each tunnel, both ends' together. */
const BEATS_MOST = 120;
/** Enough for the longest hold of damping. */
const OUTAGES_MOST = 16;

/** What is known of one tunnel: all that is kept of it, whatever time goes by. */
export interface Pulse {
  readonly tunnel: Tunnel;
  readonly rules: PulseRules;
  readonly health: Health;
  /** When it became what it is, milliseconds since the epoch. */
  readonly since: number;
  /** Why it is not up. */
  readonly reason?: string;
  readonly ends: readonly [End, End];
  /** The newest last. */
  readonly beats: readonly Beat[];
  /** How many of the newest count for loss and latency: those of an outage do not. */
  readonly judged: number;
  /** Beats in a row that were within the limits while it was called degraded. */
  readonly calm: number;
  /** When the last outages began. */
  readonly outages: readonly number[];
  /** Since when a tunnel that is called down has answered without a gap. */
  readonly answersSince?: number;
  /** How often it became another. */
  readonly changes: number;
}

/** A tunnel became another. */
export interface PulseChange {
  readonly tunnel: string;
  readonly health: Health;
  readonly before: Health;
  /** Why it is not up; where it is, nothing. */
  readonly reason?: string;
  /** Milliseconds it was what it was before. */
  readonly lastedMs: number;
  /** The first finding of all. */
  readonly isFirst: boolean;
}

/** What came of a piece of news. */
export interface Beaten {
  readonly pulse: Pulse;
  readonly change?: PulseChange;
}

export function newPulse(tunnel: Tunnel, rules: PulseRules, at: number): Pulse {
  const [first, second] = tunnel.endpoints.map(({ host, device }) => unseen({ host, device })) as [End, End];
  return { tunnel, rules, health: 'unknown', since: at, ends: [first, second], beats: [], judged: 0, calm: 0, outages: [], changes: 0 };
}

/** One end told what its round found. */
export function beat(pulse: Pulse, sighting: Sighting, at: number): Beaten {
  const ends = replaced(pulse.ends, sighting.host, (end) => heard(end, sighting));
  const rtt = sighting.isAnswered ? (sighting.rttMs ?? 0) : null;
  const beats = appended(pulse.beats, rtt, BEATS_MOST);
  return settled({ ...pulse, ends, beats, judged: Math.min(JUDGED_MOST, pulse.judged + 1) }, at);
}

/** A host cannot be asked any more: what its ends said last says nothing of now. */
export function lose(pulse: Pulse, host: string, at: number): Beaten {
  return settled({ ...pulse, ends: replaced(pulse.ends, host, unseen) }, at);
}

function replaced([first, second]: Pulse['ends'], host: string, by: (end: End) => End): Pulse['ends'] {
  return [first.host === host ? by(first) : first, second.host === host ? by(second) : second];
}

/** The state that follows from what both ends show now; each `return` is a sentence of the rules in README.md. */
function settled(pulse: Pulse, at: number): Beaten {
  const { ends, rules, health } = pulse;
  const seen = ends.filter(({ isSeen }) => isSeen);
  if (seen.length === 0) return become(withoutAnswers(pulse), 'unknown', at);
  if (seen.some(({ misses }) => misses >= rules.retries)) return become(withoutAnswers(pulse), 'down', at);
  if (seen.some(({ misses }) => misses > 0)) return { pulse: withoutAnswers(pulse) };
  if (health !== 'down') return judged(pulse, at);
  const answersSince = pulse.answersSince ?? at;
  if (at - answersSince < holdMs(pulse.outages, { at, intervalMs: rules.intervalMs })) return { pulse: { ...pulse, answersSince } };
  return judged(withoutAnswers(pulse), at);
}

function withoutAnswers({ answersSince: _gone, ...pulse }: Pulse): Pulse {
  return pulse;
}

/** Packets cross both ways: within the limits or not? What is over them has to be calm for a while before that is told. */
function judged(pulse: Pulse, at: number): Beaten {
  const { health, rules, tunnel } = pulse;
  if (health === 'down' || health === 'unknown') return become({ ...pulse, judged: 1, calm: 0 }, 'up', at);
  const isOver = degradationOf(pulse.beats.slice(-pulse.judged), tunnel.verify) !== undefined;
  if (health === 'up') return isOver ? become({ ...pulse, calm: 0 }, 'degraded', at) : { pulse };
  const calm = isOver ? 0 : pulse.calm + 1;
  return calm < 2 * rules.retries ? { pulse: { ...pulse, calm } } : become({ ...pulse, calm: 0 }, 'up', at);
}

function become({ reason: _before, ...pulse }: Pulse, health: Health, at: number): Beaten {
  const reason = reasonFor(pulse, health);
  const told = reason === undefined ? {} : { reason };
  if (health === pulse.health) return { pulse: { ...pulse, ...told } };
  const outages = health === 'down' ? appended(pulse.outages, at, OUTAGES_MOST) : pulse.outages;
  const { changes, since, tunnel, health: before } = pulse;
  return {
    pulse: { ...pulse, ...told, health, since: at, outages, changes: changes + 1 },
    change: { tunnel: tunnel.name, health, before, ...told, lastedMs: Math.max(0, at - since), isFirst: changes === 0 },
  };
}

import type { Phase, ProbeResult, TunnelOutcome } from '../run/events.ts';
import type { Tone } from './theme.ts';

/** Each phase while it runs, and when it is over. */
export const PHASE_WORDS: Readonly<Record<Phase, { readonly running: string; readonly done: string }>> = {
  connect: { running: 'connecting', done: 'connected' },
  gather: { running: 'gathering', done: 'gathered' },
  measure: { running: 'measuring', done: 'measured' },
  plan: { running: 'planning', done: 'planned' },
  prepare: { running: 'preparing', done: 'prepared' },
  apply: { running: 'applying', done: 'applied' },
  verify: { running: 'verifying', done: 'verified' },
  diagnose: { running: 'diagnosing', done: 'diagnosed' },
  capture: { running: 'capturing', done: 'captured' },
  commit: { running: 'committing', done: 'committed' },
  'roll-back': { running: 'rolling back', done: 'rolled back' },
  prove: { running: 'proving', done: 'proved' },
};

export const OUTCOME_WORDS: Readonly<Record<TunnelOutcome, { readonly word: string; readonly sign: string; readonly tone: Tone }>> = {
  ok: { word: 'ok', sign: '✓', tone: 'good' },
  changed: { word: 'changed', sign: '✓', tone: 'changed' },
  pending: { word: 'pending', sign: '●', tone: 'changed' },
  'rolled-back': { word: 'rolled back', sign: '✗', tone: 'bad' },
  'rollback-incomplete': { word: 'rollback incomplete', sign: '✗', tone: 'bad' },
  failed: { word: 'failed', sign: '✗', tone: 'bad' },
  degraded: { word: 'degraded', sign: '✗', tone: 'changed' },
  unreachable: { word: 'unreachable', sign: '✗', tone: 'bad' },
};

/** The order in which outcomes are counted and listed: the worst first. */
export const OUTCOME_ORDER: readonly TunnelOutcome[] = [
  'rollback-incomplete',
  'failed',
  'rolled-back',
  'unreachable',
  'degraded',
  'changed',
  'pending',
  'ok',
];

export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** `0.52`, `12.3`, `123`: three significant digits are more than a ping is good for. */
export function formatMs(ms: number): string {
  if (ms < 1) return ms.toFixed(2);
  return ms < 100 ? ms.toFixed(1) : ms.toFixed(0);
}

export function formatLoss(probe: Pick<ProbeResult, 'sent' | 'received'>): string {
  if (probe.sent === 0) return '–';
  const percent = (100 * (probe.sent - probe.received)) / probe.sent;
  if (percent > 0 && percent < 1) return '<1 %';
  return percent > 99 && percent < 100 ? '99 %' : `${Math.round(percent)} %`;
}

/** `0.8 s`, `12 s`, `3 min 05 s`. */
export function formatElapsed(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  return `${Math.floor(seconds / 60)} min ${twoDigits(Math.floor(seconds % 60))} s`;
}

/** `12 s`, `3 min 05 s`, `2 h 05 min`, `3 d 04 h`: what lasts for days is not told in seconds. */
export function formatSpan(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 60) return ms < 60_000 ? `${Math.floor(ms / 1000)} s` : formatElapsed(ms);
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ${twoDigits(minutes % 60)} min`;
  return `${Math.floor(hours / 24)} d ${twoDigits(hours % 24)} h`;
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}

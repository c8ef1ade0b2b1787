import type { VerifyRules } from '../domain/tunnel.ts';
import type { Beat } from './pulse.ts';

/** Beats that count for loss and latency, both ends' together. */
export const JUDGED_MOST = 20;
/** One packet that is lost is no degradation, whatever is allowed. */
const LEAST_LOST = 2;
const LEAST_ANSWERS = 5;

/** Loss and latency of some beats; without a beat, or without an answer, there is none. */
export interface Vitals {
  readonly lossPercent?: number;
  readonly rttMs?: number;
}

export function vitalsOf(beats: readonly Beat[]): Vitals {
  const answers = beats.filter((one) => one !== null);
  return {
    ...(beats.length === 0 ? {} : { lossPercent: (100 * (beats.length - answers.length)) / beats.length }),
    ...(answers.length === 0 ? {} : { rttMs: answers.reduce((sum, one) => sum + one, 0) / answers.length }),
  };
}

/** What of the rules these beats break, in words. */
export function degradationOf(beats: readonly Beat[], rules: Pick<VerifyRules, 'maxLossPercent' | 'maxRttMs'>): string | undefined {
  const { lossPercent = 0, rttMs = 0 } = vitalsOf(beats);
  const lost = beats.filter((one) => one === null).length;
  if (lost >= LEAST_LOST && lossPercent > rules.maxLossPercent) {
    return `${lost} of the last ${beats.length} packets were lost, ${rules.maxLossPercent} % are allowed`;
  }
  if (rules.maxRttMs === undefined || rttMs <= rules.maxRttMs || beats.length - lost < LEAST_ANSWERS) return undefined;
  return `packets take ${rttMs.toFixed(1)} ms on average, ${rules.maxRttMs} ms are allowed`;
}

import type { Health } from '../../watch/pulse.ts';
import type { Tone } from '../theme.ts';

/** How each state is shown: a sign, so that it is read without colour. */
export const HEALTH_SIGNS: Readonly<Record<Health, { readonly sign: string; readonly tone: Tone }>> = {
  up: { sign: '✓', tone: 'good' },
  degraded: { sign: '●', tone: 'changed' },
  down: { sign: '✗', tone: 'bad' },
  unknown: { sign: '·', tone: 'quiet' },
};

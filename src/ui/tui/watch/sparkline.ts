import type { Beat } from '../../../watch/pulse.ts';

const LEVELS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;
/** A packet that was lost. */
const LOST = '×';

/** The newest round trips as a line of as many cells; the slowest one among them is the highest, and a gap is nothing yet. */
export function sparkline(beats: readonly Beat[], width: number): string {
  const shown = beats.slice(-width);
  const slowest = Math.max(0, ...shown.map((beat) => beat ?? 0));
  const cells = shown.map((beat) => (beat === null ? LOST : (LEVELS[levelOf(beat, slowest)] ?? LEVELS[0])));
  return cells.join('').padStart(width);
}

function levelOf(beat: number, slowest: number): number {
  return slowest === 0 ? 0 : Math.min(LEVELS.length - 1, Math.floor((beat / slowest) * (LEVELS.length - 1)));
}

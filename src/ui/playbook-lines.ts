import type { PlaybookRecap, PlayOutline, PlayRecap } from '../run/events.ts';
import type { PlaybookState } from './run-state.ts';
import type { Telling, Tone } from './theme.ts';
import { oneLine, wrap } from './width.ts';
import { count, formatElapsed, OUTCOME_ORDER, OUTCOME_WORDS } from './words.ts';

/** `tunorch 0.1.0 play playbooks/roll-out.yaml: 2 plays` */
export function playbookTitle({ version, path, isCheck, plays }: Pick<PlaybookState, 'version' | 'path' | 'isCheck' | 'plays'>): string {
  return `tunorch ${oneLine(version)} play${isCheck ? ' --check' : ''} ${oneLine(path)}: ${count(plays.length, 'play')}`;
}

/** A play before it begins: its name, its steps, and how its tunnels are split. */
export function outlineLines({ play, steps, batches }: PlayOutline, { theme: { paint }, columns }: Telling): readonly string[] {
  const tunnels = batches.reduce((sum, batch) => sum + batch.length, 0);
  const split = batches.length > 1 ? ` in ${count(batches.length, 'batch').replace(/batchs$/, 'batches')}` : '';
  return [
    ...wrap(`PLAY ${oneLine(play)}: ${count(tunnels, 'tunnel')}${split}`, columns).map((line) => paint('strong', line)),
    ...wrap(`steps: ${steps.map(oneLine).join(', ')}`, columns - 2).map((line) => paint('quiet', `  ${line}`)),
  ];
}

/** The outline with the names of its tunnels, for `--list`. */
export function listingLines(outline: PlayOutline, telling: Telling): readonly string[] {
  const { batches } = outline;
  const name = (index: number) => (batches.length > 1 ? `batch ${index + 1}: ` : '');
  return [
    ...outlineLines(outline, telling),
    ...batches.flatMap((batch, index) => wrap(`${name(index)}${batch.map(oneLine).join(', ')}`, telling.columns - 2).map((line) => `  ${line}`)),
  ];
}

const PLAY_TONES: Readonly<Record<PlayRecap['outcome'], Tone>> = { done: 'good', failed: 'bad', skipped: 'quiet' };

/** `PLAY one site first: failed at verify; 1 rolled back, 3 ok` */
export function playRecapLines({ play, outcome, tunnels, failedStep }: PlayRecap, { theme: { paint }, columns }: Telling): readonly string[] {
  const counts = OUTCOME_ORDER.flatMap((one) => {
    const number = tunnels.filter((tunnel) => tunnel.outcome === one).length;
    return number === 0 ? [] : [`${number} ${OUTCOME_WORDS[one].word}`];
  });
  const where = failedStep === undefined ? outcome : `${outcome} at ${oneLine(failedStep)}`;
  const text = `PLAY ${oneLine(play)}: ${where}${counts.length === 0 ? '' : `; ${counts.join(', ')}`}`;
  return wrap(text, columns).map((line) => paint(PLAY_TONES[outcome], line));
}

/** The end of a playbook: play by play, and how long it took. */
export function playbookRecapLines({ plays, elapsedMs }: PlaybookRecap, telling: Telling): readonly string[] {
  const failed = plays.filter(({ outcome }) => outcome === 'failed').length;
  const verdict = failed === 0 ? 'Every play is done.' : `${count(failed, 'play')} failed.`;
  const isAll = plays.every(({ outcome }) => outcome === 'done');
  const { paint } = telling.theme;
  return [
    paint('strong', 'PLAYS'),
    ...plays.flatMap((play) => playRecapLines(play, telling)),
    '',
    paint(failed > 0 ? 'bad' : 'good', isAll || failed > 0 ? verdict : 'The plays that were begun are done.'),
    paint('quiet', `${count(plays.length, 'play')}, ${formatElapsed(elapsedMs)}`),
  ];
}

import type { HostRecap } from '../run/events.ts';
import type { Paint, Telling, Tone } from './theme.ts';
import { inRows, oneLine, widthOf, wrap } from './width.ts';

interface Figure {
  readonly text: string;
  readonly tone?: Tone;
}

/**
 * One host of the recap: `router-a : ok=0   changed=1   failed=0   rolled-back=0   unreachable=0`, and the modules it keeps.
 *
 * @param name - the host's name, as wide as the widest of the recap
 */
export function hostRecapLines(host: HostRecap, name: string, { theme: { paint }, columns }: Telling): readonly string[] {
  const rows = inRows(figuresOf(host), columns - widthOf(name) - 3, 1);
  const indent = ' '.repeat(widthOf(name) + 3);
  const counts = rows.map((row, index) => `${index === 0 ? `${paint(toneOf(host), name)} : ` : indent}${joined(row, paint)}`.trimEnd());
  if (host.loadedModules.length === 0) return counts;
  const modules = wrap(`loaded and left loaded: ${host.loadedModules.map(oneLine).join(' ')}`, columns - 4);
  return [...counts, ...modules.map((line) => `    ${paint('quiet', line)}`)];
}

function figuresOf(host: HostRecap): readonly Figure[] {
  return [
    figure('ok', host.ok, 'good'),
    figure('changed', host.changed, 'changed'),
    figure('failed', host.failed, 'bad'),
    figure('rolled-back', host.rolledBack, 'bad'),
    figure('unreachable', host.isUnreachable ? 1 : 0, 'bad'),
  ];
}

/** Room for three digits, so that the figures of all hosts stand in columns. */
function figure(word: string, number: number, tone: Tone): Figure {
  const text = `${word}=${number}`.padEnd(word.length + 4);
  return number === 0 ? { text } : { text, tone };
}

function toneOf(host: HostRecap): Tone {
  if (host.isUnreachable || host.failed > 0 || host.rolledBack > 0) return 'bad';
  return host.changed > 0 ? 'changed' : 'good';
}

function joined(row: readonly Figure[], paint: Paint): string {
  return row.map(({ text, tone }) => (tone === undefined ? text : paint(tone, text))).join(' ');
}

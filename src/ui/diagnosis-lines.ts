import type { Cure, Diagnosis, Finding } from '../run/events.ts';
import type { Telling } from './theme.ts';
import { oneLine, safeLines, wrap } from './width.ts';

const LABEL_WIDTH = 8;

/** A tunnel's diagnosis: causes by rank, each with what was seen and what to type; commands are never broken. */
export function diagnosisLines(diagnosis: Diagnosis, telling: Telling): readonly string[] {
  const { paint } = telling.theme;
  const name = oneLine(diagnosis.tunnel);
  const remarks = listed('note', diagnosis.remarks, telling);
  if (diagnosis.isHealthy) return [paint('good', `✓ ${name}: healthy: packets cross both ways, those of full size too`), ...remarks];
  const [first = '', ...rest] = wrap(titleOf(diagnosis), telling.columns - 2);
  return [
    paint('bad', `✗ ${first}`),
    ...rest.map((line) => paint('bad', `  ${line}`)),
    ...diagnosis.findings.flatMap((finding, index) => findingLines(finding, index + 1, telling)),
    ...(isProved(diagnosis) ? [] : listed('not', diagnosis.ruledOut, telling)),
    ...listed('unseen', diagnosis.unseen, telling),
    ...remarks,
  ];
}

/** Then nobody asks what else it is not. */
function isProved({ findings }: Diagnosis): boolean {
  return findings.some(({ certainty }) => certainty === 'proved');
}

function titleOf({ tunnel, findings }: Diagnosis): string {
  const name = oneLine(tunnel);
  if (findings.length === 0) return `${name}: I do not know why it does not carry packets as it should`;
  return findings.length === 1 ? `${name}: one cause was found` : `${name}: ${findings.length} causes were found, the likeliest first`;
}

function findingLines({ cause, host, certainty, message, evidence, cures }: Finding, rank: number, telling: Telling): readonly string[] {
  const title = `${rank}. ${oneLine(`${host ?? 'between the hosts'}: ${cause} (${certainty}): ${message}`)}`;
  return [
    ...wrap(title, telling.columns - 4).map((line, row) => `${row === 0 ? '  ' : '     '}${telling.theme.paint('strong', line)}`),
    ...evidence.flatMap((seen) => labelled('seen', seen, telling)),
    ...cures.flatMap((cure) => cureLines(cure, telling)),
  ];
}

function cureLines({ host, words, commands }: Cure, telling: Telling): readonly string[] {
  const { paint } = telling.theme;
  const place = host === undefined ? 'here:' : `on ${oneLine(host)}:`;
  return [
    ...(words === undefined ? [] : labelled('cure', words, telling).map((line) => paint('busy', line))),
    ...(commands.length === 0 ? [] : labelled(words === undefined ? 'cure' : '', place, telling).map((line) => paint('busy', line))),
    ...commands.flatMap(safeLines).map((command) => `${' '.repeat(LABEL_WIDTH + 7)}${command}`),
  ];
}

function labelled(label: string, text: string, { columns }: Telling): readonly string[] {
  const lines = safeLines(text).flatMap((line) => wrap(line, columns - LABEL_WIDTH - 5));
  return lines.map((line, row) => `     ${(row === 0 ? label : '').padEnd(LABEL_WIDTH)}${line}`);
}

function listed(label: string, parts: readonly string[], telling: Telling): readonly string[] {
  return parts.length === 0 ? [] : labelled(label, parts.join('; '), telling).map((line) => telling.theme.paint('quiet', line));
}

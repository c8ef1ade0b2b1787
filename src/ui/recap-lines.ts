import type { HostRecap, Recap, TunnelRecap } from '../run/events.ts';
import { oneLine, safeLines, widthOf, wrap } from './fit.ts';
import { healthOf, mtuOf } from './health.ts';
import { endsOf } from './plan-lines.ts';
import { problemTitle } from './problem-lines.ts';
import type { RunState } from './run-state.ts';
import type { Telling, Theme, Tone } from './theme.ts';
import { verdictLines } from './verdict.ts';
import { count, OUTCOME_WORDS } from './words.ts';

/** The end of every run, in the words of Ansible's recap: a row a tunnel, a row a host, what is left to type, the verdict. */
export function recapLines(recap: Recap, state: RunState, telling: Telling): readonly string[] {
  const { paint } = telling.theme;
  const rule = (title: string) => paint('strong', `${title} ${'─'.repeat(Math.max(0, Math.min(telling.columns, 72) - title.length - 1))}`);
  const names = padded(recap.tunnels.map(({ tunnel }) => oneLine(tunnel)));
  const words = padded(recap.tunnels.map(({ outcome }) => OUTCOME_WORDS[outcome].word));
  const hosts = padded(recap.hosts.map(({ host }) => oneLine(host)));
  return [
    ...(recap.tunnels.length === 0 ? [] : [rule('TUNNELS')]),
    ...recap.tunnels.flatMap((tunnel, index) => tunnelRows({ tunnel, name: names[index] ?? '', word: words[index] ?? '', state, telling })),
    ...(recap.hosts.length === 0 ? [] : [rule('HOSTS')]),
    ...recap.hosts.flatMap((host, index) => hostRows({ host, name: hosts[index] ?? '', telling })),
    ...leftToTypeLines(recap.tunnels, telling),
    '',
    ...verdictLines(recap, state, telling),
  ];
}

interface TunnelRow {
  readonly tunnel: TunnelRecap;
  readonly name: string;
  /** The outcome, as wide as the widest. */
  readonly word: string;
  readonly state: RunState;
  readonly telling: Telling;
}

function tunnelRows({ tunnel, name, word, state, telling }: TunnelRow): readonly string[] {
  const { paint } = telling.theme;
  const { sign, tone } = OUTCOME_WORDS[tunnel.outcome];
  const known = state.tunnels.get(tunnel.tunnel);
  const facts = [
    word,
    ...(known === undefined ? [] : [endsOf(known)]),
    ...(tunnel.changes > 0 ? [count(tunnel.changes, 'change')] : []),
    ...(known === undefined ? [] : measurements(known)),
    ...(tunnel.isProved === undefined ? [] : [tunnel.isProved ? 'proved equal to the snapshot' : 'NOT equal to the snapshot']),
  ];
  const [first = '', ...rest] = wrap(facts.join('  '), telling.columns - widthOf(name) - 4);
  const row = `${paint(tone, `${sign} ${name}`)}  ${paint(tone, first.slice(0, word.length))}${first.slice(word.length)}`;
  const indent = ' '.repeat(4);
  const problems = tunnel.problems.flatMap((problem) => wrap(problemTitle(problem), telling.columns - indent.length));
  return [row, ...rest.map((line) => indent + line), ...problems.map((line) => indent + paint('bad', line))];
}

function measurements(known: Parameters<typeof healthOf>[0] & Parameters<typeof mtuOf>[0]): readonly string[] {
  if (known.probes.length === 0) return [];
  const { rtt, loss } = healthOf(known);
  return [`rtt ${rtt}`, `loss ${loss}`, `mtu ${mtuOf(known)}`];
}

interface HostRow {
  readonly host: HostRecap;
  readonly name: string;
  readonly telling: Telling;
}

function hostRows({ host, name, telling }: HostRow): readonly string[] {
  const { paint } = telling.theme;
  const figures: readonly (readonly [string, number, Tone])[] = [
    ['ok', host.ok, 'good'],
    ['changed', host.changed, 'changed'],
    ['failed', host.failed, 'bad'],
    ['rolled-back', host.rolledBack, 'bad'],
    ['unreachable', host.isUnreachable ? 1 : 0, 'bad'],
  ];
  const indent = ' '.repeat(4);
  const plain = figures.map(([word, number]) => `${word}=${number}`.padEnd(word.length + 4));
  const lines = wrapCells(plain, telling.columns - widthOf(name) - 3);
  const toneOf = (cell: string) => figures.find(([word, number]) => number > 0 && cell.startsWith(`${word}=`))?.[2];
  const painted = lines.map((cells) => cells.map((cell) => paintCell(cell, toneOf(cell), paint)).join(' '));
  const worst = host.isUnreachable || host.failed > 0 || host.rolledBack > 0 ? 'bad' : host.changed > 0 ? 'changed' : 'good';
  const modules = host.loadedModules.length === 0 ? [] : wrap(`loaded and left loaded: ${host.loadedModules.map(oneLine).join(' ')}`, telling.columns - 4);
  return [
    ...painted.map((line, index) => (index === 0 ? `${paint(worst, name)} : ${line}` : `${' '.repeat(widthOf(name))}   ${line}`).trimEnd()),
    ...modules.map((line) => indent + paint('quiet', line)),
  ];
}

function paintCell(cell: string, tone: Tone | undefined, paint: Theme['paint']): string {
  return tone === undefined ? cell : paint(tone, cell);
}

function wrapCells(cells: readonly string[], width: number): readonly (readonly string[])[] {
  const lines: string[][] = [[]];
  for (const cell of cells) {
    const last = lines[lines.length - 1] ?? [];
    if (last.length > 0 && [...last, cell.trimEnd()].join(' ').length > width) lines.push([cell]);
    else last.push(cell);
  }
  return lines;
}

/** Commands are never broken or cut: they are there to be copied. */
function leftToTypeLines(tunnels: readonly TunnelRecap[], { theme }: Telling): readonly string[] {
  const left = tunnels.flatMap(({ tunnel, leftToType = [] }) => leftToType.map((part) => ({ tunnel, ...part })));
  if (left.length === 0) return [];
  return [
    theme.paint('strong', 'LEFT TO TYPE'),
    ...left.flatMap(({ tunnel, host, commands }) => [
      theme.paint('bad', `  on ${oneLine(host)}, for ${oneLine(tunnel)}:`),
      ...commands.flatMap(safeLines).map((command) => `    ${command}`),
    ]),
  ];
}

function padded(names: readonly string[]): readonly string[] {
  const width = Math.max(0, ...names.map(widthOf));
  return names.map((name) => name + ' '.repeat(width - widthOf(name)));
}

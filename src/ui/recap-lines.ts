import type { Recap, TunnelRecap } from '../run/events.ts';
import { healthOf, mtuOf } from './health.ts';
import { hostRecapLines } from './host-recap-lines.ts';
import { endsOf } from './plan-lines.ts';
import { problemTitle } from './problem-lines.ts';
import type { RunState } from './run-state.ts';
import type { Telling } from './theme.ts';
import { verdictLines } from './verdict.ts';
import { inRows, oneLine, safeLines, widthOf, wrap } from './width.ts';
import { count, OUTCOME_ORDER, OUTCOME_WORDS } from './words.ts';

/**
 * The end of every run, in the words of Ansible's recap: hosts, tunnels, what is left to type, the verdict.
 *
 * The worst tunnels stand last: with hundreds of them, the end is what is still on the screen.
 */
export function recapLines(recap: Recap, state: RunState, telling: Telling): readonly string[] {
  const rule = (title: string) =>
    telling.theme.paint('strong', `${title} ${'─'.repeat(Math.max(0, Math.min(telling.columns, 72) - title.length - 1))}`);
  const tunnels = worstLast(recap.tunnels);
  const names = padded(tunnels.map(({ tunnel }) => oneLine(tunnel)));
  const words = padded(tunnels.map(({ outcome }) => OUTCOME_WORDS[outcome].word));
  const hosts = padded(recap.hosts.map(({ host }) => oneLine(host)));
  return [
    ...(recap.hosts.length === 0 ? [] : [rule('HOSTS')]),
    ...recap.hosts.flatMap((host, index) => hostRecapLines(host, hosts[index] ?? '', telling)),
    ...(tunnels.length === 0 ? [] : [rule('TUNNELS')]),
    ...tunnels.flatMap((tunnel, index) => tunnelRows({ tunnel, name: names[index] ?? '', word: words[index] ?? '', state, telling })),
    ...leftToTypeLines(tunnels, telling),
    '',
    ...verdictLines(recap, state, telling),
  ];
}

function worstLast(tunnels: readonly TunnelRecap[]): readonly TunnelRecap[] {
  const rank = ({ outcome }: TunnelRecap) => OUTCOME_ORDER.indexOf(outcome);
  return [...tunnels].sort((one, other) => rank(other) - rank(one));
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
  const room = telling.columns - widthOf(name) - 4;
  const rows = inRows(
    facts.map((text) => ({ text })),
    room,
    2,
  );
  const [first = '', ...rest] = rows.flatMap((row) => wrap(row.map(({ text }) => text).join('  '), room));
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

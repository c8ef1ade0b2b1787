import { stripControl } from '../domain/strip-control.ts';
import type { TunnelOutcome, TunnelRecap } from '../run/events.ts';
import { problemLines } from './problem-lines.ts';
import type { RunState } from './run-state.ts';
import { keepSigns, plainPaint } from './theme.ts';
import { count } from './words.ts';

type Verdict = 'passed' | 'skipped' | 'failure' | 'error';

const VERDICTS: Readonly<Record<TunnelOutcome, Verdict>> = {
  ok: 'passed',
  changed: 'passed',
  pending: 'skipped',
  'rolled-back': 'failure',
  'rollback-incomplete': 'failure',
  failed: 'failure',
  degraded: 'failure',
  unreachable: 'error',
};

/** One test case a tunnel, by the schema that CI systems read: failures are tunnels, errors are hosts that could not be worked with. */
export function junitReport({ start, recap }: RunState): string {
  const tunnels = recap?.tunnels ?? [];
  const command = start?.command ?? 'run';
  const number = (verdict: Verdict) => tunnels.filter(({ outcome }) => VERDICTS[outcome] === verdict).length;
  const counts = attributes({
    name: `tunorch ${command}`,
    tests: tunnels.length,
    failures: number('failure'),
    errors: number('error'),
    skipped: number('skipped'),
    time: seconds(recap?.elapsedMs ?? 0),
  });
  const stamp = attributes({ timestamp: new Date(start?.at ?? 0).toISOString().slice(0, 19) });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${counts}>`,
    `  <testsuite${counts}${stamp}>`,
    ...tunnels.flatMap((tunnel) => testCase(`tunorch.${command}`, tunnel)),
    '  </testsuite>',
    '</testsuites>',
  ].join('\n');
}

function testCase(classname: string, tunnel: TunnelRecap): readonly string[] {
  const verdict = VERDICTS[tunnel.outcome];
  const opening = `    <testcase${attributes({ classname, name: tunnel.tunnel })}`;
  if (verdict === 'passed') return [`${opening}/>`];
  return [`${opening}>`, `      ${verdict === 'skipped' ? skipped(tunnel) : failed(verdict, tunnel)}`, '    </testcase>'];
}

function skipped({ changes }: TunnelRecap): string {
  return `<skipped${attributes({ message: `${count(changes, 'change')} pending` })}/>`;
}

function failed(element: 'failure' | 'error', tunnel: TunnelRecap): string {
  const [first] = tunnel.problems;
  const message = [first?.host, first?.message ?? tunnel.outcome].filter((part) => part !== undefined).join(': ');
  return `<${element}${attributes({ type: first?.code ?? tunnel.outcome, message })}>${escaped(problemText(tunnel))}</${element}>`;
}

function problemText({ problems, leftToType = [] }: TunnelRecap): string {
  const telling = { theme: { paint: plainPaint, draw: keepSigns }, columns: Number.POSITIVE_INFINITY };
  const commands = leftToType.flatMap(({ host, commands: left }) => left.map((command) => `left to type on ${host}: ${command}`));
  return [...problems.flatMap((problem) => problemLines(problem, telling)), ...commands].join('\n');
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escaped(String(value)).replaceAll('"', '&quot;').replaceAll('\n', '&#10;')}"`)
    .join('');
}

/** XML 1.0 has no form at all for most control characters and for lone surrogates. */
function escaped(text: string): string {
  return stripControl(text)
    .replaceAll(/\p{Cs}/gu, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}

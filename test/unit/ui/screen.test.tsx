import { renderToString } from 'ink';
import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../src/run/events.ts';
import { finalLines } from '../../../src/ui/final-lines.ts';
import { reduceAll } from '../../../src/ui/reduce.ts';
import { EMPTY_RUN } from '../../../src/ui/run-state.ts';
import { asciiSigns, colourPaint, PLAIN_THEME, type Theme } from '../../../src/ui/theme.ts';
import { Screen } from '../../../src/ui/tui/Screen.tsx';
import { widthOf } from '../../../src/ui/width.ts';
import { manyTunnels } from '../../support/many-tunnels.ts';
import type { RecordedRun } from '../../support/record.ts';
import { DEGRADED_RUN, GOOD_RUN, INCOMPLETE_RUN, PLAN_RUN, RECORDED_RUNS, ROLLED_BACK_RUN, UNREACHABLE_RUN } from '../../support/recorded-runs.ts';

interface Frame {
  readonly columns?: number;
  readonly rows?: number;
  readonly theme?: Theme;
  readonly notice?: string;
}

function draw(events: readonly RunEvent[], { columns = 80, rows = 24, theme = PLAIN_THEME, notice }: Frame = {}): string {
  const state = reduceAll(EMPTY_RUN, events);
  return renderToString(<Screen state={state} columns={columns} rows={rows} theme={theme} spinner="⠋" elapsedMs={7_000} notice={notice} />, {
    columns,
  });
}

function before(run: RecordedRun, type: RunEvent['type']): readonly RunEvent[] {
  return run.events.slice(
    0,
    run.events.findIndex((event) => event.type === type),
  );
}

function through(run: RecordedRun, type: RunEvent['type']): readonly RunEvent[] {
  return run.events.slice(0, run.events.findLastIndex((event) => event.type === type) + 1);
}

function lineWith(frame: string, part: string): string {
  return frame.split('\n').find((line) => line.includes(part)) ?? '';
}

describe('the screen', () => {
  it.each([80, 120])('has a row a tunnel with both hosts, mode, key, phase, rtt, loss and mtu at %i columns', (columns) => {
    const row = lineWith(draw(through(GOOD_RUN, 'full-size-probe'), { columns }), ' gre1 ');
    for (const fact of ['router-a ⇄ router-b', 'gre', ' 1 ', 'verifying', '0.52 ms', '0 %', '1476']) expect(row).toContain(fact);
  });

  it('keeps name, phase, rtt and loss at 40 columns', () => {
    const row = lineWith(draw(through(GOOD_RUN, 'full-size-probe'), { columns: 40 }), ' gre1 ');
    for (const fact of ['verifying', '0.52 ms', '0 %']) expect(row).toContain(fact);
  });

  it('says what happens on each host now, with its newest step', () => {
    const row = lineWith(draw(through(GOOD_RUN, 'step')), '⠋ router-b');
    expect(row).toContain('applying');
    expect(row).toContain('sysctl net.ipv4.ip_forward');
  });

  it.each([80, 120])("shows the failing step, its command, the host's own words and the way out at %i columns", (columns) => {
    const frame = draw(through(ROLLED_BACK_RUN, 'problem'), { columns });
    expect(frame).toContain('gre1: router-b: apply.step-refused: the host refused a step');
    expect(frame).toMatch(/step +address 10\.10\.10\.1 peer 10\.10\.10\.2 on gre1/);
    expect(frame).toMatch(/command +ip address add 10\.10\.10\.1 peer 10\.10\.10\.2 dev gre1/);
    expect(frame).toMatch(/said +RTNETLINK answers: File exists/);
    expect(frame).toMatch(/now +Another device of router-b/);
  });

  it('names a host that does not answer, and why', () => {
    const row = lineWith(draw(before(UNREACHABLE_RUN, 'tunnel-finished')), '✗ router-b  unreachable');
    expect(row).toContain('no answer from 203.0.113.9');
  });

  it('shows loss of the worse direction', () => {
    expect(lineWith(draw(through(DEGRADED_RUN, 'probe')), ' gre1 ')).toContain('33 %');
  });

  it('counts the tunnels by how they stand', () => {
    const footer = draw(manyTunnels(40, 'mixed').events, { columns: 120 }).split('\n').at(-1);
    for (const part of ['20/40 done', '4 apply failed', '4 rolling back', '8 applying', '4 gathered', '20 changed']) expect(footer).toContain(part);
  });

  it('shows failing and running tunnels first and counts those it has no room for', () => {
    const frame = draw(manyTunnels(40, 'mixed').events, { rows: 30 });
    expect(lineWith(frame, 'spoke006')).toContain('apply failed');
    expect(lineWith(frame, ' spoke007 ')).toContain('rolling back');
    expect(frame).toMatch(/… \d+ more: .*changed/);
  });

  it('shows all tunnels in their own order where there is room', () => {
    const frame = draw(manyTunnels(40, 'mixed').events, { columns: 120, rows: 120 });
    const names = [...frame.matchAll(/ (spoke\d+) +hub ⇄/g)].map(([, name]) => name);
    expect(names).toEqual([...names].sort());
    expect(names).toHaveLength(40);
  });

  it('passes on what the user must know now', () => {
    expect(draw(through(GOOD_RUN, 'step'), { notice: 'Ctrl-C: rolling back' })).toContain('Ctrl-C: rolling back');
  });

  it('lets no control character of a host through', () => {
    const hostile = '\u001b[2Jgone\u0007\u202e';
    const [start, ...rest] = through(GOOD_RUN, 'step');
    const step = { at: 0, type: 'step', tunnel: 'gre1', host: 'router-a', title: hostile, state: 'done' } as const;
    const failed = { at: 0, type: 'host-failed', host: 'router-b', code: 'ssh.timeout', message: hostile, hint: hostile } as const;
    const frame = draw(start === undefined ? [] : [start, ...rest, step, failed]);
    expect(frame).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
  });

  it('is ASCII where the terminal shows no more, as wide as before', () => {
    const events = through(ROLLED_BACK_RUN, 'problem');
    const ascii = draw(events, { theme: { ...PLAIN_THEME, draw: asciiSigns } });
    expect(ascii).toMatch(/^[\n\u0020-\u007e]*$/);
    expect(ascii.split('\n').map((line) => line.length)).toEqual(draw(events).split('\n').map(widthOf));
  });

  it('says the same with colour as without', () => {
    const events = through(ROLLED_BACK_RUN, 'problem');
    const coloured = draw(events, { theme: { ...PLAIN_THEME, paint: colourPaint } });
    expect(coloured).toContain('\u001b[31m');
    expect(coloured.replaceAll(/\u001b\[\d+m/g, '')).toBe(draw(events));
  });
});

describe('a screen of any size', () => {
  const runs = [...RECORDED_RUNS, manyTunnels(400, 'mixed')];
  const sizes = [
    [40, 10],
    [40, 24],
    [80, 24],
    [80, 60],
    [120, 40],
    [160, 50],
    [12, 5],
  ] as const;

  it.each(sizes)('never draws more than %i columns and its rows but two (%i)', (columns, rows) => {
    for (const { events } of runs) {
      const stride = Math.max(1, Math.floor(events.length / 6));
      for (let end = 0; end <= events.length; end += stride) {
        const lines = draw(events.slice(0, end), { columns, rows }).split('\n');
        expect(Math.max(...lines.map(widthOf))).toBeLessThanOrEqual(columns);
        expect(lines.length).toBeLessThanOrEqual(Math.max(rows - 2, 4));
      }
    }
  });
});

describe('what stays after the screen', () => {
  function last(run: RecordedRun, columns: number): string {
    return finalLines(reduceAll(EMPTY_RUN, run.events), { theme: PLAIN_THEME, showDiff: false, verbosity: 0, columns }).join('\n');
  }

  it.each([40, 80, 120])('is never wider than %i columns, but for commands to copy', (columns) => {
    for (const run of RECORDED_RUNS) {
      const lines = last(run, columns).split('\n');
      expect(Math.max(...lines.filter((line) => !/^ {4}(ip|sysctl) /.test(line)).map(widthOf))).toBeLessThanOrEqual(columns);
    }
  });

  it.each([80, 120])('is one row a host and a tunnel at %i columns', (columns) => {
    const text = last(GOOD_RUN, columns);
    expect(text).toMatch(/^router-a : ok=0 +changed=1 +failed=0 +rolled-back=0 +unreachable=0$/m);
    expect(text).toMatch(/✓ gre1 {2}changed .*10 changes/);
  });

  it('names modules that stay loaded', () => {
    expect(last(ROLLED_BACK_RUN, 80)).toContain('loaded and left loaded: ip_gre');
  });

  it('says whether the rollback was proved', () => {
    expect(last(ROLLED_BACK_RUN, 80)).toContain('proved equal to the snapshot');
    expect(last(INCOMPLETE_RUN, 80)).toContain('NOT equal to the snapshot');
  });

  it('leaves the commands to type unbroken', () => {
    expect(last(INCOMPLETE_RUN, 40)).toContain('\n    sysctl -w net.ipv4.ip_forward=0\n');
  });

  it('lists all tunnels, not only those the screen had room for, the worst last', () => {
    const names = [...last(manyTunnels(400), 80).matchAll(/^[✓✗] (spoke\d+) {2}(changed|rolled back)/gmu)];
    expect(names).toHaveLength(400);
    expect(names.at(-1)?.[2]).toBe('rolled back');
  });

  it('tells the failure of a host once, not for each of its tunnels', () => {
    expect(last(UNREACHABLE_RUN, 80).match(/now {6}Is the host up/g)).toHaveLength(1);
  });

  it('keeps the warnings', () => {
    expect(last(UNREACHABLE_RUN, 80)).toContain('router-a: warning: the clock is 4 minutes behind');
  });

  it('has every probe after verify', () => {
    expect(last(DEGRADED_RUN, 80)).toContain('\ngre1\n  router-a → router-b 10.10.10.1: 3/3 replies');
  });

  it('is the diff for a plan', () => {
    expect(last(PLAN_RUN, 80)).toContain('-/+ router-a  link gre1  mode ipip → gre  key 1');
  });

  it('is nothing for a run that broke off', () => {
    expect(last({ name: 'cut', events: GOOD_RUN.events.slice(0, 9) }, 80)).toBe('');
  });
});

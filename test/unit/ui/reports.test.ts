import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { annotateDiagnostics, annotator, isAnnotated } from '../../../src/ui/annotations.ts';
import { changesOf, finished, NO_COUNTS, PAIR, type RecordedRun, started, timed } from '../../support/record.ts';
import { DEGRADED_RUN, GOOD_RUN, INCOMPLETE_RUN, PLAN_RUN, RECORDED_RUNS, ROLLED_BACK_RUN, UNREACHABLE_RUN } from '../../support/recorded-runs.ts';
import { tell } from '../../support/tell-run.ts';

const GOLDEN = new URL('../../golden/reports/', import.meta.url);

async function golden(name: string, text: string): Promise<string> {
  const file = new URL(name, GOLDEN);
  if (process.env.UPDATE_GOLDEN === '1') {
    await mkdir(GOLDEN, { recursive: true });
    await writeFile(file, text);
  }
  return readFile(file, 'utf8');
}

/** What a hostile host may say. */
const NASTY = 'a ]]> & <b> "c" \u0000\u001b[31m\ud800 d\ne';

const NASTY_RUN: RecordedRun = {
  name: 'nasty',
  events: timed([
    started('verify', [PAIR]),
    { type: 'tunnel-planned', tunnel: 'gre1', changes: changesOf(PAIR) },
    ...finished({
      exitCode: 1,
      hosts: PAIR.hosts.map((host) => ({ ...NO_COUNTS, host, failed: 1 })),
      tunnels: [
        { tunnel: 'gre1', outcome: 'failed', changes: 0, problems: [{ code: 'verify.no-reply', message: NASTY, hint: NASTY, words: NASTY }] },
      ],
    }),
  ]),
};

describe('a JUnit report', () => {
  it.each([GOOD_RUN, ROLLED_BACK_RUN, INCOMPLETE_RUN, UNREACHABLE_RUN, PLAN_RUN, DEGRADED_RUN])(
    'tells $name as its golden file does',
    async (run) => {
      const { out } = await tell(run, { kind: 'junit' });
      expect(out).toBe(await golden(`${run.name}.xml`, out));
    },
  );

  it('stays XML whatever a host says', async () => {
    const { out } = await tell(NASTY_RUN, { kind: 'junit' });
    const withoutTags = out.replaceAll(/<\/?[a-z]+(?: [a-z]+="[^"<]*")*\/?>|<\?xml [^?]*\?>/gu, '');
    expect(withoutTags).not.toMatch(/[<>\u0000-\u0008\u001b\ud800-\udfff]/u);
    expect(out.replaceAll(/&(?:amp|lt|gt|quot|#10);/gu, '')).not.toContain('&');
  });

  it('leaves the lines of the run to stderr', async () => {
    const { err } = await tell(GOOD_RUN, { kind: 'junit' });
    expect(err).toBe((await tell(GOOD_RUN)).both);
  });

  it('is not written of a run that broke off', async () => {
    const { out } = await tell({ name: 'broken', events: GOOD_RUN.events.slice(0, -1) }, { kind: 'junit' });
    expect(out).toBe('');
  });
});

describe('metrics', () => {
  it.each([DEGRADED_RUN, UNREACHABLE_RUN])('tell $name as its golden file does', async (run) => {
    const { out } = await tell(run, { kind: 'prometheus' });
    expect(out).toBe(await golden(`${run.name}.prom`, out));
  });

  it.each(RECORDED_RUNS)('of $name are lines that Prometheus reads', async (run) => {
    const { out } = await tell(run, { kind: 'prometheus' });
    const samples = out.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    expect(samples.filter((line) => !/^[a-z_]+(\{[a-z]+="[^"\\]*"(,[a-z]+="[^"\\]*")*\})? [0-9.]+$/u.test(line))).toEqual([]);
  });
});

describe('annotations of GitHub Actions', () => {
  const annotationsOf = ({ events }: RecordedRun) => events.flatMap(annotator());

  it('are made in its jobs only', () => {
    expect([{ GITHUB_ACTIONS: 'true' }, { GITHUB_ACTIONS: 'false' }, {}].map(isAnnotated)).toEqual([true, false, false]);
  });

  it('stand for each problem, once', () => {
    expect(annotationsOf(UNREACHABLE_RUN)).toEqual([
      '::warning title=router-a::the clock is 4 minutes behind',
      '::error title=router-b::router-b: ssh.unreachable: no answer from 203.0.113.9 port 22 within 10 s%0AIs the host up, and is ansible_host right? `ssh root@203.0.113.9` shows more.',
    ]);
    expect(annotationsOf(DEGRADED_RUN)).toEqual([expect.stringMatching(/^::warning title=gre1::router-b: verify\.loss: 33 %25 of/u)]);
    expect(annotationsOf(GOOD_RUN)).toEqual([]);
  });

  it('are one line each, whatever a host says', () => {
    expect(annotationsOf(NASTY_RUN).filter((line) => /[\n\r]/u.test(line))).toEqual([]);
  });

  it('stand at the line of an inventory that is wrong', () => {
    const place = { file: 'a,b:c.yaml', line: 3, column: 7, excerpt: 'x', length: 1 };
    expect(annotateDiagnostics([{ code: 'inventory.unknown-key', severity: 'error', message: 'no', hint: 'yes', place }])).toBe(
      '::error file=a%2Cb%3Ac.yaml,line=3,col=7,title=inventory.unknown-key::no%0Ayes\n',
    );
  });
});

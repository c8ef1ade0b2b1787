import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { GOOD_RUN, RECORDED_RUNS, ROLLED_BACK_RUN } from '../../support/recorded-runs.ts';
import { tell } from '../../support/tell-run.ts';

const GOLDEN = new URL('../../golden/text/', import.meta.url);

async function golden(name: string, text: string): Promise<string> {
  const file = new URL(`${name}.txt`, GOLDEN);
  if (process.env.UPDATE_GOLDEN === '1') {
    await mkdir(GOLDEN, { recursive: true });
    await writeFile(file, text);
  }
  return readFile(file, 'utf8');
}

describe('a run as plain lines', () => {
  it.each(RECORDED_RUNS)('tells $name as its golden file does', async (run) => {
    const { both } = await tell(run);
    expect(both).toBe(await golden(run.name, both));
  });

  it.each([1, 2] as const)('tells phases, then steps too, with verbosity %i', async (verbosity) => {
    const { both } = await tell(ROLLED_BACK_RUN, { verbosity });
    const name = `${ROLLED_BACK_RUN.name}-v${verbosity}`;
    expect(both).toBe(await golden(name, both));
  });

  it('tells an up with --diff object by object', async () => {
    const { both } = await tell(GOOD_RUN, { showDiff: true });
    expect(both).toBe(await golden('good-run-diff', both));
  });

  it('writes findings to stdout and what is going on to stderr', async () => {
    const { out, err } = await tell(ROLLED_BACK_RUN, { verbosity: 1 });
    expect(out).toContain('apply.step-refused');
    expect(out).toContain('rolled back');
    expect(out).not.toContain('connecting');
    expect(err).toContain('router-a: connecting');
  });

  it('has no escape sequence without colour, and has some with it', async () => {
    expect((await tell(ROLLED_BACK_RUN)).both).not.toContain('\u001b');
    const coloured = await tell(ROLLED_BACK_RUN, { colour: true });
    expect(coloured.both).toContain('\u001b[31m');
  });

  it('is ASCII on a terminal that shows no more', async () => {
    const { both } = await tell(GOOD_RUN, { unicode: false, verbosity: 2 });
    expect(both).toMatch(/^[\n\u0020-\u007e]*$/);
  });

  it('lets no control character of a host through', async () => {
    const [start, ...rest] = GOOD_RUN.events;
    const hostile = { at: 0, type: 'host-warning', host: 'router-a', message: 'a\u001b[2Jb\rc\u202e\nd\u0007' } as const;
    const { both } = await tell({ name: 'hostile', events: start === undefined ? [] : [start, hostile, ...rest] });
    expect(both).toMatch(/warning: abc d\n/);
    expect(both).not.toMatch(/[\u0001-\u0009\u000b-\u001f\u202e]/);
  });
});

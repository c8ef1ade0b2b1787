import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hostFailureCodes } from '../../../src/errors/host-failure.ts';
import { type FailureCase, failureCases } from './cases.ts';

const folder = import.meta.dirname;

/** What every case of a code says, with what to do about it. */
async function render(cases: readonly FailureCase[]): Promise<string> {
  const failures = await Promise.all(cases.map(async ({ title, failure }) => ({ title, failure: await failure() })));
  return failures.map(({ title, failure }) => `# ${title}\n${failure.message}. ${failure.hint}\n`).join('\n');
}

describe('host failures', () => {
  it.each(Object.entries(failureCases))('%s', async (code, cases) => {
    const text = await render(cases);
    const path = join(folder, code, 'expected.txt');
    if (process.env.UPDATE_GOLDEN === '1') {
      mkdirSync(join(folder, code), { recursive: true });
      writeFileSync(path, text);
    }
    expect(text).toBe(readFileSync(path, 'utf8'));
    for (const one of cases) expect((await one.failure()).code).toBe(code);
  });

  it('have a case for every code that the way to a host can end in', () => {
    const ofTheWay = hostFailureCodes.filter((code) => !code.startsWith('host.'));
    expect(ofTheWay.filter((code) => failureCases[code] === undefined)).toEqual([]);
  });

  it('leave no text behind of a code that is gone', () => {
    const folders = readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
    expect(folders.filter((name) => !hostFailureCodes.some((code) => code === name))).toEqual([]);
  });
});

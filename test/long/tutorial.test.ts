import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { newcomerIn, tutorialLines } from '../e2e/tutorial.ts';

it('README’s tutorial, with the lines that boot hosts and end them', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tunorch-newcomer-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const newcomer = await newcomerIn(folder);
  onTestFinished(async () => void (await newcomer.type('npx tunorch lab down')));
  const lines = await tutorialLines();
  expect([lines[0], lines.at(-1)]).toEqual([expect.stringContaining('lab up'), expect.stringContaining('lab down')]);
  const startedAt = Date.now();
  const said = new Map<string, string>();
  for (const line of lines) {
    said.set(line, await newcomer.type(line));
    process.stderr.write(`${Math.round((Date.now() - startedAt) / 1000)} s: ${line}\n`);
  }
  expect([...said].find(([line]) => line.includes('ping'))?.[1]).toContain('3 received, 0% packet loss');
});

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { runCommand } from '../../src/lab/command.ts';
import { quote } from '../../src/shell/quote.ts';
import { PROGRAM } from './scenario-program.ts';

const README = fileURLToPath(new URL('../../README.md', import.meta.url));
const HEADING = '## From nothing to a tunnel in five minutes\n';

/** Longer than a boot under emulation on a busy machine. */
const LONGEST_COMMAND_MS = 10 * 60_000;

/** What README's tutorial has to be typed, line by line, in its order. */
export async function tutorialLines(): Promise<readonly string[]> {
  const section = (await readFile(README, 'utf8')).split(HEADING)[1]?.split('\n## ')[0] ?? '';
  return [...section.matchAll(/^(npx tunorch .*)$|`(npx tunorch [^`]*)`/gm)].map(([, line, inText]) => line ?? inText ?? '');
}

/** Somebody new: an empty home folder, and a folder to work in. */
export interface Newcomer {
  /** Types a line as it is written; `npx tunorch` is the built program. It must succeed; gives what it said on stdout. */
  type(line: string): Promise<string>;
  /** What becomes of `~/.ssh/config`. */
  configureSsh(text: string): Promise<void>;
}

/** @param folder - an empty one, which becomes their home */
export async function newcomerIn(folder: string): Promise<Newcomer> {
  const npx = join(folder, 'npx');
  await writeFile(npx, `#!/bin/sh\nshift\nexec ${quote(process.execPath)} ${quote(PROGRAM)} "$@"\n`, { mode: 0o755 });
  await mkdir(join(folder, '.ssh'), { mode: 0o700 });
  // Images of the lab are no part of the home: making one anew takes a minute.
  const cache = process.env.XDG_CACHE_HOME ?? join(process.env.HOME ?? '', '.cache');
  const env = { PATH: `${folder}:${process.env.PATH}`, HOME: folder, XDG_CACHE_HOME: cache, LANG: 'C.UTF-8' };
  return {
    async type(line) {
      const { status, stdout, stderr } = await runCommand(['sh', '-c', line], { cwd: folder, env, timeoutMs: LONGEST_COMMAND_MS });
      expect(status, `${line}\n${stdout}${stderr}`).toBe(0);
      return stdout;
    },
    configureSsh: (text) => writeFile(join(folder, '.ssh', 'config'), text),
  };
}

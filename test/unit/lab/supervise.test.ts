import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { supervise } from '../../../src/lab/supervise.ts';

const SUPERVISE = new URL('../../../src/lab/supervise.ts', import.meta.url).pathname;

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'supervise-'));
  const contents = `import { supervise } from ${JSON.stringify(SUPERVISE)};
const [pidFile, mode] = process.argv.slice(2);
const one = supervise(['sh', '-c', 'echo $$ > ' + pidFile + '; exec sleep 60'], '/dev/null');
if (mode === 'let-go') await one.letGo();
process.stdout.write('ready');
setInterval(() => undefined, 1000);`;
  buildSync({ stdin: { contents, resolveDir: folder }, bundle: true, platform: 'node', format: 'esm', outfile: join(folder, 'parent.mjs') });
});

afterAll(() => rm(folder, { recursive: true, force: true }));

function pidIn(pidFile: string): Promise<number> {
  return vi.waitFor(async () => Number.parseInt(await readFile(pidFile, 'utf8'), 10) || Promise.reject(new Error('no pid yet')), { timeout: 5000 });
}

/** Starts a parent that supervises a `sleep`, kills the parent with SIGKILL, and gives the sleep's pid. */
async function killParent(mode: 'bound' | 'let-go'): Promise<number> {
  const pidFile = join(folder, mode);
  const parent = spawn(process.execPath, [join(folder, 'parent.mjs'), pidFile, mode], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(parent.stdout, 'data');
  const pid = await pidIn(pidFile);
  parent.kill('SIGKILL');
  await once(parent, 'close');
  return pid;
}

describe('supervise', () => {
  it('ends its program when this process is ended, even by SIGKILL', async () => {
    const pid = await killParent('bound');
    await vi.waitFor(() => expect(existsSync(`/proc/${pid}`)).toBe(false), { timeout: 5000 });
  });

  it('leaves a program alone that was let go', async () => {
    const pid = await killParent('let-go');
    expect(existsSync(`/proc/${pid}`)).toBe(true);
    process.kill(pid, 'SIGKILL');
  });

  it('starts a program again that ended well, and leaves one that did not', async () => {
    const runs = join(folder, 'runs');
    supervise(['sh', '-c', `echo $$ >> ${runs}; [ "$(wc -l < ${runs})" -lt 3 ]`], '/dev/null', 'start-again');
    await vi.waitFor(async () => expect((await readFile(runs, 'utf8')).trim().split('\n')).toHaveLength(3), { timeout: 5000 });
  });

  it('ends its program when told', async () => {
    const pidFile = join(folder, 'told');
    const { end } = supervise(['sh', '-c', `echo $$ > ${pidFile}; exec sleep 60`], '/dev/null');
    const pid = await pidIn(pidFile);
    end();
    await vi.waitFor(() => expect(existsSync(`/proc/${pid}`)).toBe(false), { timeout: 5000 });
  });
});

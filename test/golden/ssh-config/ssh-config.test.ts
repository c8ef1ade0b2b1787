import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chooseAlgorithms } from '../../../src/transport/ssh/algorithms.ts';
import { askOpenSsh } from '../../../src/transport/ssh/ask-openssh.ts';
import { type ConfigOfHost, readConfigFiles } from '../../../src/transport/ssh/config-files.ts';
import { commandRunner } from '../../../src/transport/ssh/match-exec.ts';
import { collectOptions, type OptionValues } from '../../../src/transport/ssh/option-values.ts';
import { settingsFrom } from '../../../src/transport/ssh/resolve-settings.ts';
import type { SshEnvironment } from '../../../src/transport/ssh/ssh-environment.ts';

const folder = import.meta.dirname;
const configurations = readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
const cases = configurations.flatMap((name) =>
  readFileSync(join(folder, name, 'hosts'), 'utf8')
    .trim()
    .split('\n')
    .map((host) => ({ name, host })),
);
const openSsh = spawnSync('ssh', ['-V'], { encoding: 'utf8' });

/** A copy in which `{folder}` stands for a real path: an Include must be absolute to mean the same under `ssh -F`. */
let copy = '';
let differences = 0;
beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'tunorch-config-'));
  for (const name of configurations) cpSync(join(folder, name), join(copy, name), { recursive: true });
  for (const path of readdirSync(copy, { recursive: true, encoding: 'utf8' })) fillIn(path);
});
afterAll(() => {
  rmSync(copy, { recursive: true, force: true });
  const judge = openSsh.error === undefined ? `${differences} differences from ssh -G of ${openSsh.stderr.trim()}` : 'ssh is not installed here';
  process.stdout.write(`ssh_config: ${configurations.length} configurations, ${cases.length} hosts: ${judge}\n`);
});

function fillIn(path: string): void {
  const [name = '', ...inner] = path.split('/');
  if (inner.length === 0 || !/config$|included\/[^/]+$/u.test(path)) return;
  try {
    const file = join(copy, path);
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll('{folder}', join(copy, name)));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EISDIR')) throw error;
  }
}

function environmentOf(homeDir: string, controllerUser: string): SshEnvironment {
  return { homeDir, env: {}, controllerUser, connectTimeoutMs: 10_000 };
}

function read(name: string, host: string, environment: SshEnvironment): ConfigOfHost {
  const { homeDir, controllerUser: localUser } = environment;
  const files = [{ path: join(copy, name, 'config'), includeDir: join(homeDir, '.ssh') }];
  return readConfigFiles({ files, host, given: [], homeDir, localUser, runs: commandRunner(host, environment) });
}

/** Names of options that `ssh -G` prints for everybody, at their default, are no difference: what is compared is what comes of them. */
function settings(options: OptionValues, host: string, environment: SshEnvironment) {
  const { identityFiles, algorithms, ...rest } = settingsFrom(options, { name: host, connection: {} }, environment);
  return { ...rest, identityFiles: identityFiles.filter(({ origin }) => origin !== 'default'), algorithms: chooseAlgorithms(algorithms, new Set()) };
}

function show(name: string): string {
  return cases
    .filter((one) => one.name === name)
    .map(({ host }) => {
      const options = [...collectOptions(read(name, host, environmentOf('/home/me', 'me')).lines)];
      return `# ${host}\n${options.flatMap(([option, values]) => values.map((value) => `${option} ${value}\n`)).join('')}`;
    })
    .join('\n');
}

describe('the own reader of ssh_config', () => {
  it.each(configurations)('reads %s', (name) => {
    const path = join(folder, name, 'expected.txt');
    const text = show(name);
    if (process.env.UPDATE_GOLDEN === '1') writeFileSync(path, text);
    expect(text).toBe(readFileSync(path, 'utf8'));
  });

  describe.runIf(openSsh.error === undefined)('agrees with ssh -G', () => {
    const { homedir, username } = userInfo();
    const environment = environmentOf(homedir, username);

    it.each(cases)('on $name for $host', async ({ name, host }) => {
      const own = read(name, host, environment);
      expect(own.beyond).toBeUndefined();
      const answer = await askOpenSsh({ host, options: [], configFile: join(copy, name, 'config') });
      if (answer.kind !== 'options') expect.unreachable(JSON.stringify(answer));
      const [ours, theirs] = [settings(collectOptions(own.lines), host, environment), settings(collectOptions(answer.lines), host, environment)];
      differences += JSON.stringify(ours) === JSON.stringify(theirs) ? 0 : 1;
      expect(ours).toEqual(theirs);
    });
  });
});

import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe } from 'vitest';

/** Debian's ansible-core, away from any ansible.cfg and home folder. */
export interface Ansible {
  /** Stdout of ansible-inventory. */
  inventory(...words: readonly string[]): Promise<string>;
  /** Hosts a pattern stands for, in Ansible's order; none where it stands for nothing. */
  hosts(inventory: string, words: readonly string[]): Promise<readonly string[]>;
  readonly version: string;
}

const run = promisify(execFile);

/** Describes tests beside the real Ansible; says aloud why where they cannot run. */
export async function describeAnsible(title: string, define: (ansible: Ansible) => void): Promise<void> {
  const version = await run('ansible-inventory', ['--version']).then(
    ({ stdout }) => /\[core ([\d.]+)/.exec(stdout)?.[1],
    () => undefined,
  );
  if (version === undefined) {
    process.stderr.write(`\nSKIPPED: ${title}: ansible-inventory is not here. Run: sudo apt-get install -y --no-install-recommends ansible-core\n\n`);
  }
  describe.skipIf(version === undefined)(title, () => {
    const ansible = {} as { -readonly [Name in keyof Ansible]: Ansible[Name] };
    let home: string;
    beforeAll(() => {
      home = mkdtempSync(join(tmpdir(), 'tunorch-ansible-'));
      Object.assign(ansible, { version, ...programsIn(home) });
    });
    afterAll(() => rmSync(home, { recursive: true, force: true }));
    define(ansible);
  });
}

function programsIn(home: string): Pick<Ansible, 'inventory' | 'hosts'> {
  const config = join(home, 'ansible.cfg');
  writeFileSync(config, '');
  const env = { PATH: process.env.PATH, HOME: home, LC_ALL: 'C.UTF-8', ANSIBLE_CONFIG: config, ANSIBLE_NOCOLOR: '1' };
  const call = async (program: string, words: readonly string[]) => (await run(program, words, { env, cwd: home, maxBuffer: 1 << 26 })).stdout;
  return {
    inventory: (...words) => call('ansible-inventory', words),
    hosts: async (inventory, words) => {
      const told = await call('ansible', ['-i', inventory, ...words, '--list-hosts']).catch((failure: { stdout: string }) => failure.stdout);
      return told.split('\n').flatMap((line) => (/^ {4}\S/.test(line) ? [line.trim()] : []));
    },
  };
}

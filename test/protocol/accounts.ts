import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, renameSync, rmSync, writeFileSync } from 'node:fs';

/** A user of this machine for the length of a test file. */
export interface Account {
  readonly name: string;
  readonly password: string;
  remove(): void;
}

export interface AccountOptions {
  readonly home: string;
  readonly isRoot?: boolean;
  readonly shell?: string;
  /** Lines for sudoers, with `USER` where the name belongs. */
  readonly sudoers?: readonly string[];
}

/** Makes a user whose shell reads no rc files of anybody. Uid 0 under another name where root is wanted. */
export function makeAccount({ home, isRoot = false, shell = '/bin/sh', sudoers = [] }: AccountOptions): Account {
  const name = `tunorch-${randomBytes(4).toString('hex')}`;
  const password = `pw ${randomBytes(8).toString('hex')} $x'"`;
  const ids = isRoot ? ['-o', '-u', '0', '-g', '0'] : ['-U'];
  execFileSync('useradd', ['-M', '-d', home, '-s', shell, ...ids, name], { stdio: 'ignore' });
  execFileSync('chpasswd', { input: `${name}:${password}\n` });
  const sudoersFile = `/etc/sudoers.d/${name}`;
  if (sudoers.length > 0)
    writeSudoers(
      sudoersFile,
      sudoers.map((line) => line.replaceAll('USER', name)),
    );
  const remove = () => {
    rmSync(sudoersFile, { force: true });
    execFileSync('userdel', ['-f', name], { stdio: 'ignore' });
  };
  return { name, password, remove };
}

/** A sudoers file with a mistake locks everybody out of sudo: it is checked under a name with a dot, which sudo does not read. */
function writeSudoers(path: string, lines: readonly string[]): void {
  const draft = `${path}.draft`;
  writeFileSync(draft, `${lines.join('\n')}\n`);
  chmodSync(draft, 0o440);
  execFileSync('visudo', ['-c', '-q', '-f', draft]);
  renameSync(draft, path);
}

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from './command.ts';
import { LabError } from './lab-error.ts';

/** An OpenSSH key pair, as texts. */
export interface KeyPair {
  readonly privateKey: string;
  readonly publicKey: string;
}

/** Makes an ed25519 key pair as the files `name` and `name.pub` in a folder. */
export async function makeKeyPair(folder: string, name: string): Promise<KeyPair> {
  const path = join(folder, name);
  const made = await runCommand(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', `tunorch-lab-${name}`, '-f', path]);
  if (made.status !== 0) throw new LabError(`ssh-keygen made no key: ${made.stderr.trim()}`);
  return { privateKey: await readFile(path, 'utf8'), publicKey: (await readFile(`${path}.pub`, 'utf8')).trim() };
}

/** The lines of a known_hosts file (sshd(8)) for hosts that are ports of the loopback address. */
export function knownHostsText(hosts: readonly { readonly port: number; readonly publicKey: string }[]): string {
  return hosts.map(({ port, publicKey }) => `[127.0.0.1]:${port} ${publicKey.split(' ').slice(0, 2).join(' ')}\n`).join('');
}

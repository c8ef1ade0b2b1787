import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SSHD = '/usr/sbin/sshd';

/** Why the tests against a real OpenSSH cannot run here; undefined when they can. */
export function whyNoSshd(): string | undefined {
  if (process.getuid?.() !== 0) return 'not root: sshd could not log anybody in';
  if (!existsSync(SSHD)) return `${SSHD} is not there: apt-get install openssh-server sudo`;
  return undefined;
}

/** A folder of one test file, which every user may pass through: sshd reads authorized keys as the user. */
export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tunorch-ssh-'));
  chmodSync(folder, 0o755);
  return folder;
}

/** Makes a key pair; gives the path of its private half. */
export function makeKey(folder: string, name: string, options: { readonly type?: string; readonly passphrase?: string } = {}): string {
  const path = join(folder, name);
  execFileSync('ssh-keygen', ['-q', '-t', options.type ?? 'ed25519', '-N', options.passphrase ?? '', '-C', name, '-f', path]);
  return path;
}

/** `type base64` of a public key. */
export function publicKeyOf(path: string): string {
  return readFileSync(`${path}.pub`, 'utf8').split(' ').slice(0, 2).join(' ');
}

/** A port of 127.0.0.1 that nobody listened on a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

export interface Sshd {
  readonly port: number;
  readonly process: ChildProcess;
  /** `type base64` of each host key. */
  readonly hostKeys: readonly string[];
  stop(): Promise<void>;
}

export interface SshdOptions {
  readonly folder: string;
  readonly authorizedKeys: readonly string[];
  readonly hostKeyTypes?: readonly string[];
  readonly lines?: readonly string[];
  /** A program and words before sshd's own, which end in sshd itself. */
  readonly below?: readonly [string, ...string[]];
}

/** Starts an sshd of its own on 127.0.0.1; ready when it says that it listens. */
export async function startSshd({ folder, authorizedKeys, hostKeyTypes = ['ed25519'], lines = [], below }: SshdOptions): Promise<Sshd> {
  mkdirSync('/run/sshd', { recursive: true });
  const port = await freePort();
  const hostKeys = hostKeyTypes.map((type) => makeKey(folder, `host-${type}-${port}`, { type }));
  writeFileSync(join(folder, `authorized-${port}`), `${authorizedKeys.join('\n')}\n`);
  const config = [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    ...hostKeys.map((path) => `HostKey ${path}`),
    `AuthorizedKeysFile ${join(folder, `authorized-${port}`)}`,
    'StrictModes no',
    'PidFile none',
    'PermitRootLogin yes',
    ...lines,
    'PasswordAuthentication yes',
    'KbdInteractiveAuthentication no',
    'UsePAM no',
    'LogLevel VERBOSE',
  ];
  const configFile = join(folder, `sshd-${port}`);
  writeFileSync(configFile, `${config.join('\n')}\n`);
  const [program, ...words] = [...(below ?? []), SSHD, '-D', '-e', '-f', configFile] as [string, ...string[]];
  const child = spawn(program, words, { stdio: ['ignore', 'ignore', 'pipe'] });
  await untilListening(child);
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
  };
  return { port, process: child, hostKeys: hostKeys.map(publicKeyOf), stop };
}

export function untilListening(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let log = '';
    child.stderr?.on('data', (piece: Buffer) => {
      log += piece.toString();
      if (log.includes('Server listening')) resolve();
    });
    child.once('exit', () => reject(new Error(`sshd did not start: ${log}`)));
  });
}

/** An agent of its own with some keys in it. */
export async function startAgent(folder: string, keys: readonly string[]): Promise<{ readonly socket: string; stop(): void }> {
  const socket = join(folder, `agent-${process.pid}-${keys.length}`);
  const child = spawn('ssh-agent', ['-D', '-a', socket], { stdio: ['ignore', 'pipe', 'ignore'] });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  child.stdout.resume();
  for (const key of keys) execFileSync('ssh-add', ['-q', key], { env: { ...process.env, SSH_AUTH_SOCK: socket }, stdio: 'ignore' });
  return { socket, stop: () => void child.kill() };
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

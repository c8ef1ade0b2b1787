import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, fstatSync, openSync, readSync, rmSync } from 'node:fs';
import { PassThrough, type Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { ChannelEnding, ShellChannel } from '../shell-channel.ts';
import { isCommandRefused, programEnding, tellingWords } from './openssh-words.ts';

/** The status with which ssh ends when it failed itself, or the program was killed: ssh(1), EXIT STATUS. */
const SSH_FAILED = 255;
/** What is read of its words: they repeat little, and the end says why it ended. */
const MAX_WORDS_BYTES = 64 * 1024;
const MAX_STDERR_CHARACTERS = 4096;

/** What an ssh may write into one file: its words are repeated by what a host sends, and a host may send for ever. */
const MAX_LOG_BLOCKS = 32_768;
/** POSIX counts in 512 bytes, bash in 1024. */
const MAX_LOG_BYTES = MAX_LOG_BLOCKS * 1024;
const LIMIT_FILES = `ulimit -f ${MAX_LOG_BLOCKS} 2>/dev/null`;

const PROGRAMS = {
  /** It ends when its input does, because the host's shell is told so. */
  session: `${LIMIT_FILES}; exec ssh "$@"`,
  /** It has no use for its input, so somebody else waits for the end of it. */
  bastion: `${LIMIT_FILES}; exec 3<&0 </dev/null
ssh "$@" 3<&- & ssh=$!
{ read -r _ <&3; kill "$ssh"; } >/dev/null 2>&1 & reader=$!
exec 3<&-
wait "$ssh"; status=$?; kill "$reader" 2>/dev/null; exit "$status"`,
} as const;

/** How to start an ssh. */
export interface SshStart {
  readonly program: keyof typeof PROGRAMS;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly mark: string;
  readonly logPath: string;
}

/**
 * One ssh process, in a session of its own: a Ctrl-C on the terminal is for the run, which rolls back over this very connection.
 *
 * When the run dies, however that is, its end of the pipe to the process's stdin closes, and ssh tells the host so.
 */
export class SshProcess implements ShellChannel {
  /** Settles once its mark came: the host has let it in. Never settles when it ends before; see ended. */
  readonly loggedIn: Promise<void>;
  readonly ended: Promise<ChannelEnding>;
  readonly stdout = new PassThrough();
  readonly stderr = new PassThrough();
  readonly #child: ChildProcess;
  readonly #start: SshStart;
  #early = Buffer.alloc(0);
  #words = '';
  #earlyStderr = '';
  #hasLoggedIn = false;
  #isOver = false;

  constructor(start: SshStart) {
    this.#start = start;
    this.#child = spawn('/bin/sh', ['-c', PROGRAMS[start.program], 'ssh', ...start.args], {
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
      env: { ...start.env, LC_ALL: 'C' },
    });
    this.stdin.on('error', () => undefined);
    let letIn: () => void = () => undefined;
    this.loggedIn = new Promise((resolve) => {
      letIn = resolve;
    });
    this.#readable('stdout').on('data', (piece: Buffer) => this.#hear(piece, letIn));
    this.#readable('stderr').on('data', (piece: Buffer) => this.#hearStderr(piece));
    this.ended = this.#watch();
  }

  get stdin() {
    const { stdin } = this.#child;
    if (stdin === null) throw new Error('ssh was started without a pipe to its stdin');
    return stdin;
  }

  /** What ssh said about itself, so far or in all. */
  get words(): string {
    return this.#isOver ? this.#words : readEnd(this.#start.logPath, MAX_WORDS_BYTES);
  }

  /** All that ssh said so far: a host that wants a warning to be overlooked can make ssh say much behind it. Empty once it ended. */
  get allWords(): string {
    return readEnd(this.#start.logPath, MAX_LOG_BYTES);
  }

  /** What came on its stderr before the login: of a ProxyCommand or a bastion. */
  get earlyStderr(): string {
    return this.#earlyStderr;
  }

  close(): void {
    this.stdin.end();
  }

  /** With its ProxyCommand, which is in the same process group. */
  destroy(): void {
    const { pid, exitCode, signalCode } = this.#child;
    if (pid === undefined || exitCode !== null || signalCode !== null) return;
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      this.#child.kill('SIGKILL');
    }
  }

  #readable(name: 'stdout' | 'stderr'): Readable {
    const stream = this.#child[name];
    if (stream === null) throw new Error(`ssh was started without a pipe to its ${name}`);
    return stream;
  }

  #hear(piece: Buffer, letIn: () => void): void {
    if (this.#hasLoggedIn) return void this.stdout.write(piece);
    this.#early = Buffer.concat([this.#early, piece]);
    const mark = `${this.#start.mark}\n`;
    if (!this.#early.subarray(0, mark.length).equals(Buffer.from(mark))) return;
    this.#hasLoggedIn = true;
    this.stdout.write(this.#early.subarray(mark.length));
    letIn();
  }

  #hearStderr(piece: Buffer): void {
    if (this.#hasLoggedIn) this.stderr.write(piece);
    else this.#earlyStderr = `${this.#earlyStderr}${piece.toString('utf8')}`.slice(-MAX_STDERR_CHARACTERS);
  }

  async #watch(): Promise<ChannelEnding> {
    const outcome = await new Promise<{ readonly code: number | null; readonly signal: string | null; readonly error?: Error }>((resolve) => {
      this.#child.once('error', (error) => resolve({ code: null, signal: null, error }));
      this.#child.once('close', (code, signal) => resolve({ code, signal }));
    });
    this.#words = readEnd(this.#start.logPath, MAX_WORDS_BYTES);
    this.#isOver = true;
    rmSync(this.#start.logPath, { force: true });
    this.stdout.end();
    this.stderr.end();
    if (this.#hasLoggedIn) await Promise.allSettled([finished(this.stdout), finished(this.stderr)]);
    return endingOf(outcome, this.#words);
  }
}

/** A connection that was lost has neither status nor signal, as ssh2 tells it. */
function endingOf(
  { code, signal, error }: { readonly code: number | null; readonly signal: string | null; readonly error?: Error },
  words: string,
): ChannelEnding {
  if (error !== undefined) return { reason: error };
  if (signal !== null) return { reason: new Error(`ssh was ended by ${signal}`) };
  if (code !== null && (code !== SSH_FAILED || programEnding(words) === 'status')) return { code };
  if (programEnding(words) === 'signal') return { signal: 'a signal' };
  if (isCommandRefused(words)) return { code: SSH_FAILED };
  const said = tellingWords(words).trim();
  return said === '' ? {} : { reason: new Error(said) };
}

/** Read at once: the file is in the run's own folder, and its size is limited. */
function readEnd(path: string, mostBytes: number): string {
  try {
    const file = openSync(path, 'r');
    try {
      const { size } = fstatSync(file);
      const bytes = Buffer.alloc(Math.min(size, mostBytes));
      readSync(file, bytes, 0, bytes.length, size - bytes.length);
      return bytes.toString('utf8').replaceAll('\r', '');
    } finally {
      closeSync(file);
    }
  } catch {
    return '';
  }
}

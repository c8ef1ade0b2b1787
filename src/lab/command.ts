import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';

/** How a command ended; a command killed by a signal has status 128 + its number, as a shell says it. */
export interface CommandResult {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Called with each whole line of stderr as it comes. */
  readonly onStderrLine?: (line: string) => void;
  /** The command is killed after it; status is then 137. */
  readonly timeoutMs?: number;
}

const KILLED_STATUS = 137;

/** Runs a program and gathers its output; a program that is not there rejects with ENOENT. */
export function runCommand(argv: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  const [program = '', ...args] = argv;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, spawnOptions(options));
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    const lines = lineSplitter(options.onStderrLine);
    child.stdout?.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr?.on('data', (chunk: Buffer) => {
      stderr.push(chunk);
      lines(chunk.toString());
    });
    const end = (status: number): void => {
      clearTimeout(timer);
      resolve({ status, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() });
    };
    const timer = options.timeoutMs === undefined ? undefined : setTimeout(() => giveUp(child, () => end(KILLED_STATUS)), options.timeoutMs);
    child.on('error', reject);
    child.on('close', (code) => end(code ?? KILLED_STATUS));
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(options.stdin ?? '');
  });
}

/** Does not wait for the pipes to close: an ssh that shares a connection has given copies of them to its master. */
function giveUp(child: ChildProcess, then: () => void): void {
  child.kill('SIGKILL');
  for (const stream of [child.stdin, child.stdout, child.stderr]) stream?.destroy();
  then();
}

function spawnOptions(options: CommandOptions): SpawnOptions {
  return {
    stdio: ['pipe', 'pipe', 'pipe'],
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.env === undefined ? {} : { env: { ...process.env, ...options.env } }),
  };
}

function lineSplitter(onLine: ((line: string) => void) | undefined): (text: string) => void {
  let rest = '';
  return (text) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine?.(line);
  };
}

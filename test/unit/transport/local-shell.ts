import { type ChildProcess, spawn } from 'node:child_process';
import type { StartProgram } from '../../../src/transport/open-shell.ts';
import type { ChannelEnding, ShellChannel } from '../../../src/transport/shell-channel.ts';

/** A program of this machine as a channel: the same pipes that sshd gives to one. */
export function childChannel(
  argv: readonly [string, ...string[]],
  env: NodeJS.ProcessEnv = process.env,
): ShellChannel & { readonly child: ChildProcess } {
  const [program, ...args] = argv;
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'], env, cwd: '/' });
  const ended = new Promise<ChannelEnding>((resolve) => {
    child.on('close', (code, signal) => resolve(signal === null ? { code: code ?? 0 } : { signal }));
  });
  return {
    child,
    stdin: child.stdin,
    stdout: child.stdout,
    stderr: child.stderr,
    ended,
    close: () => void child.stdin.end(),
    destroy: () => void child.kill('SIGKILL'),
  };
}

/** What sshd does with an exec request: the login shell gets the command after -c. */
export function startLocally(loginShell: string, env?: NodeJS.ProcessEnv): StartProgram {
  return async (command, input) => {
    const channel = childChannel([loginShell, '-c', command], env);
    if (input !== '') channel.stdin.write(input);
    return channel;
  };
}

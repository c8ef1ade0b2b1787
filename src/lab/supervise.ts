import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import type { Socket } from 'node:net';

/** `bound`: the guest ends with the process that started it, however that ends. `detached`: it stays until `lab down`. */
export type Lifetime = 'bound' | 'detached';

/** A program that ends with this process until it is let go. */
export interface Supervised {
  /** Of the shell that runs it, and leads their process group. */
  readonly pid: number;
  /** From now on it runs until somebody ends it. */
  letGo(): Promise<void>;
  /** Ends it now. */
  end(): void;
}

/** What follows when the program ends by itself and well: nothing, or it is started again, as a machine that reboots. */
export type AfterEnd = 'nothing' | 'start-again';

/**
 * Runs the command in `$@` until it ends or stdin does, whichever is first; a line `let-go` on stdin stops the watching.
 *
 * Stdin is a pipe whose other end only the parent holds, so even a parent ended by SIGKILL closes it. The shell leads a
 * process group, which ends with it.
 */
const UNTIL_STDIN_ENDS = `
after=$1
shift
exec 3<&0 </dev/null
{ while read -r line; do [ "$line" = let-go ] && exit; done; kill -9 -$$; } <&3 3<&- 2>/dev/null &
watcher=$!
exec 3<&-
while "$@" && [ "$after" = start-again ]; do :; done
kill "$watcher" 2>/dev/null`;

/**
 * Starts a long-lived program in a session of its own, so that Ctrl-C in the terminal does not reach it; it does not keep
 * this process from ending.
 *
 * @param logPath - gets its stdout and stderr
 */
export function supervise(argv: readonly string[], logPath: string, after: AfterEnd = 'nothing'): Supervised {
  const log = openSync(logPath, 'a');
  const child = spawn('/bin/sh', ['-c', UNTIL_STDIN_ENDS, 'tunorch-lab', after, ...argv], { detached: true, stdio: ['pipe', log, log] });
  closeSync(log);
  child.on('error', () => undefined);
  child.unref();
  const stdin = child.stdin as Socket;
  stdin.on('error', () => undefined);
  stdin.unref();
  const letGo = (): Promise<void> => new Promise((resolve) => stdin.ref().end('let-go\n', resolve));
  return { pid: child.pid ?? 0, letGo, end: () => stdin.destroy() };
}

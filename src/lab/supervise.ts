import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import type { Socket } from 'node:net';

/** `bound`: the guest ends with the process that started it, however that ends. `detached`: it stays until `lab down`. */
export type Lifetime = 'bound' | 'detached';

/** A program that ends with this process until it is let go. */
export interface Supervised {
  /** From now on it runs until somebody ends it. */
  letGo(): Promise<void>;
  /** Ends it now. */
  end(): void;
}

/**
 * Runs the command in `$@` until it ends or stdin does, whichever is first; a line `let-go` on stdin stops the watching.
 *
 * Stdin is a pipe whose other end only the parent holds, so even a parent ended by SIGKILL closes it.
 */
const UNTIL_STDIN_ENDS = `
exec 3<&0 </dev/null
"$@" 3<&- &
child=$!
{ while read -r line; do [ "$line" = let-go ] && exit; done; kill -9 "$child"; } <&3 2>/dev/null &
watcher=$!
exec 3<&-
wait "$child"
status=$?
kill "$watcher" 2>/dev/null
exit "$status"`;

/**
 * Starts a long-lived program in a session of its own, so that Ctrl-C in the terminal does not reach it; it does not keep
 * this process from ending.
 *
 * @param logPath - gets its stdout and stderr
 */
export function supervise(argv: readonly string[], logPath: string): Supervised {
  const log = openSync(logPath, 'a');
  const child = spawn('/bin/sh', ['-c', UNTIL_STDIN_ENDS, 'tunorch-lab', ...argv], { detached: true, stdio: ['pipe', log, log] });
  closeSync(log);
  child.on('error', () => undefined);
  child.unref();
  const stdin = child.stdin as Socket;
  stdin.on('error', () => undefined);
  stdin.unref();
  const letGo = (): Promise<void> => new Promise((resolve) => stdin.ref().end('let-go\n', resolve));
  return { letGo, end: () => stdin.destroy() };
}

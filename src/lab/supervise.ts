import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import type { Socket } from 'node:net';

/** `bound`: the guest ends with the process that started it, however that ends. `detached`: it stays until `lab down`. */
export type Lifetime = 'bound' | 'detached';

/**
 * Runs the command in `$@` until it ends or stdin does, whichever is first.
 *
 * Stdin is a pipe whose other end only the parent holds, so even a parent ended by SIGKILL closes it.
 */
const UNTIL_STDIN_ENDS = `
exec 3<&0 </dev/null
"$@" 3<&- &
child=$!
{ while read -r line <&3; do :; done; kill -9 "$child"; } 2>/dev/null &
watcher=$!
wait "$child"
status=$?
kill "$watcher" 2>/dev/null
exit "$status"`;

/**
 * Starts a long-lived program in a session of its own, so that Ctrl-C in the terminal does not reach it.
 *
 * @param logPath - gets its stdout and stderr
 */
export function supervise(argv: readonly string[], lifetime: Lifetime, logPath: string): void {
  const log = openSync(logPath, 'a');
  const [program = '', ...args] = lifetime === 'detached' ? argv : ['/bin/sh', '-c', UNTIL_STDIN_ENDS, 'tunorch-lab', ...argv];
  const child = spawn(program, args, { detached: true, stdio: [lifetime === 'detached' ? 'ignore' : 'pipe', log, log] });
  closeSync(log);
  child.on('error', () => undefined);
  child.unref();
  const stdin = child.stdin as Socket | null;
  stdin?.on('error', () => undefined);
  stdin?.unref();
}

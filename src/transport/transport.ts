import type { Host } from '../domain/host.ts';

/**
 * A way to reach hosts. Variants (ssh2, the system's ssh, a recording or fake one) are
 * implementations of this interface, never flags.
 */
export interface Transport {
  /**
   * Opens one connection, one channel and one root shell.
   *
   * @param signal - ends the attempt, with `run.interrupted`
   * @param opening - a first phase that travels with the request for the shell and so costs no round trip of its own: see Session.opening
   * @throws HostFailure - unreachable, authentication refused, host key wrong, no root rights
   */
  connect(host: Host, signal?: AbortSignal, opening?: string): Promise<Session>;
  /** Ends what connections share (jump hosts, agents). Sessions are closed by their owner. */
  close(): Promise<void>;
}

/** One root shell on one host, alive for the whole run. */
export interface Session {
  readonly host: string;
  /** What the host's own kernel sees of this connection, from `$SSH_CONNECTION` (ssh(1)); absent where sshd does not set it. */
  readonly connection?: SshConnection;
  /** The reply of the script given to connect(), with the default RunOptions; absent where none was given. It must be awaited before the first run(). */
  readonly opening?: Promise<Reply>;
  /**
   * Feeds one script to the shell as one group and waits for its end: one round trip.
   *
   * A script that is cut off on its way never half-runs, because the shell parses the whole group first. Variables and
   * functions survive to the next phase. `return` ends the phase; `exit`, `exec` of a program, text that is no POSIX sh and an
   * error under `set -e` end the shell. Processes left in the background must have both outputs redirected.
   *
   * @throws HostFailure - connection lost, deadline passed, too much output, shell ended
   */
  run(script: string, options?: RunOptions): Promise<Reply>;
  /**
   * Ends the shell and the connection. Never throws; safe to call twice.
   *
   * @param lastScript - travels with the end of the shell's input, so it costs no round trip; nobody hears what becomes of it
   */
  close(lastScript?: string): Promise<void>;
}

/** The addresses of the TCP connection as the host sees it. */
export interface SshConnection {
  readonly clientAddress: string;
  readonly serverAddress: string;
}

export interface RunOptions {
  /** Milliseconds until the phase is given up; default 60 000. */
  readonly timeoutMs?: number;
  /** Bytes of stdout and stderr together that are accepted; default 16 MiB. */
  readonly maxBytes?: number;
}

/** What one phase script left: its exit status, and both streams as they came (bytes that are no UTF-8 read as U+FFFD). Strip control characters before showing them. */
export interface Reply {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

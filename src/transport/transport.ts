import type { Host } from '../domain/host.ts';

/**
 * A way to reach hosts. Variants (ssh2, the system's ssh, a recording or fake one) are
 * implementations of this interface, never flags.
 */
export interface Transport {
  /**
   * Opens one connection, one channel and one root shell.
   *
   * @throws HostFailure - unreachable, authentication refused, host key wrong, no root rights
   */
  connect(host: Host, signal?: AbortSignal): Promise<Session>;
  /** Ends what connections share (jump hosts, agents). Sessions are closed by their owner. */
  close(): Promise<void>;
}

/** One root shell on one host, alive for the whole run. */
export interface Session {
  readonly host: string;
  /** What the host's own kernel sees of this connection, from `$SSH_CONNECTION` (ssh(1)); absent where sshd does not set it. */
  readonly connection?: SshConnection;
  /**
   * Feeds one script to the shell as one group and waits for its end: one round trip.
   *
   * A script that is cut off on its way never half-runs, because the shell parses the whole group first.
   *
   * @throws HostFailure - connection lost, deadline passed, too much output, shell ended
   */
  run(script: string, options?: RunOptions): Promise<Reply>;
  /** Ends the shell and the connection. Never throws; safe to call twice. */
  close(): Promise<void>;
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

/** What one phase script left: exit status of the group, and both streams without control characters stripped. */
export interface Reply {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

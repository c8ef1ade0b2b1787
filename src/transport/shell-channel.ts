import type { Readable, Writable } from 'node:stream';

/** How a channel ended. Neither code nor signal means that the connection under it was lost. */
export interface ChannelEnding {
  readonly code?: number;
  readonly signal?: string;
  /** What the carrier said about a lost connection, where it said anything. */
  readonly reason?: Error;
}

/**
 * The three streams of one remote program, whatever carries them: an ssh2 channel, the system's ssh, a local `sh` in tests.
 */
export interface ShellChannel {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Settles once, after the last byte of both outputs was delivered. Never rejects. */
  readonly ended: Promise<ChannelEnding>;
  /** Ends the program's input and then what carries the channel, without waiting for either. Safe to call twice. */
  close(): void;
  /** Cuts the carrier at once. Safe to call twice. */
  destroy(): void;
}

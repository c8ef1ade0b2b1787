import type { ChannelEnding, ShellChannel } from './shell-channel.ts';

/** Who reads a channel at the moment: the entrance first, then one phase after the other, and somebody in between. */
export interface ChannelReader {
  stdout(piece: Buffer): void;
  stderr(piece: Buffer): void;
  ended(ending: ChannelEnding): void;
}

/**
 * Gives everything a channel says to one reader at a time.
 *
 * Both outputs are always read, also when nobody waits: an ssh2 channel with unread output never closes.
 */
export class ChannelFeed {
  readonly channel: ShellChannel;
  #reader: ChannelReader;
  #ending: ChannelEnding | undefined;

  constructor(channel: ShellChannel, reader: ChannelReader) {
    this.channel = channel;
    this.#reader = reader;
    channel.stdout.on('data', (piece: Buffer) => this.#reader.stdout(piece));
    channel.stderr.on('data', (piece: Buffer) => this.#reader.stderr(piece));
    channel.stdin.on('error', () => undefined);
    channel.stdout.on('error', () => undefined);
    channel.stderr.on('error', () => undefined);
    void channel.ended.then((ending) => {
      this.#ending = ending;
      this.#reader.ended(ending);
    });
  }

  /** Changes the reader; one that comes after the end is told so at once. */
  handTo(reader: ChannelReader): void {
    this.#reader = reader;
    if (this.#ending !== undefined) reader.ended(this.#ending);
  }

  /** Gives the reader what an earlier one had read too much. */
  replay(rest: { readonly stdout: Buffer; readonly stderr: Buffer }): void {
    if (rest.stderr.length > 0) this.#reader.stderr(rest.stderr);
    if (rest.stdout.length > 0) this.#reader.stdout(rest.stdout);
  }

  /** Writes text to the channel's input in pieces, each when the one before was taken; stops silently when the channel ends. */
  async write(text: string): Promise<void> {
    const bytes = Buffer.from(text);
    const { stdin } = this.channel;
    for (let at = 0; at < bytes.length && stdin.writable; at += WRITE_BYTES) {
      if (!stdin.write(bytes.subarray(at, at + WRITE_BYTES))) await Promise.race([drained(stdin), this.channel.ended]);
    }
  }
}

const WRITE_BYTES = 64 * 1024;

function drained(stdin: NodeJS.EventEmitter): Promise<void> {
  return new Promise((resolve) => {
    stdin.once('drain', () => resolve());
  });
}

import { HostFailure } from '../errors/host-failure.ts';
import type { ChannelFeed, ChannelReader } from './channel-feed.ts';
import { Phase } from './phase.ts';
import { framePhase, newPhaseMarks, type PhaseMarks } from './phase-frame.ts';
import { endedInMidPhase, interrupted, tooMuchOutput } from './session-failures.ts';
import type { ChannelEnding } from './shell-channel.ts';
import type { Reply, RunOptions, Session, SshConnection } from './transport.ts';

const DEFAULT_TIMEOUT_MS = 60_000;
const DEFAULT_MAX_BYTES = 16 * 1024 * 1024;
/** What a host may say between two phases before it is cut off: nobody reads it. */
const MAX_IDLE_BYTES = 1024 * 1024;
/** How long a shell may take to leave once its input has ended. */
const CLOSE_TIMEOUT_MS = 5000;

/** What the entrance learnt, and what it read of the outputs that were meant for the session. */
export interface Greeting {
  readonly host: string;
  readonly connection?: SshConnection;
  /** Of the script that was sent before the shell answered, if one was. */
  readonly openingMarks?: PhaseMarks;
  readonly rest: { readonly stdout: Buffer; readonly stderr: Buffer };
}

/**
 * A root shell that reads its scripts from a channel's stdin, one group a phase.
 *
 * It knows nothing of SSH: the same session runs over ssh2, the system's ssh or a local `sh`.
 */
export class ShellSession implements Session, ChannelReader {
  readonly host: string;
  readonly connection?: SshConnection;
  readonly opening?: Promise<Reply>;
  readonly #feed: ChannelFeed;
  #phase: Phase | undefined;
  #failure: HostFailure | undefined;
  #idleBytes = 0;

  /** @param feed - of a channel whose shell waits for its first script, or has been sent the opening one */
  constructor(feed: ChannelFeed, greeting: Greeting) {
    this.host = greeting.host;
    if (greeting.connection !== undefined) this.connection = greeting.connection;
    this.#feed = feed;
    if (greeting.openingMarks === undefined) {
      feed.handTo(this);
    } else {
      this.opening = this.#follow(greeting.openingMarks, {});
      this.opening.catch(() => undefined);
    }
    feed.replay(greeting.rest);
  }

  async run(script: string, options: RunOptions = {}): Promise<Reply> {
    if (this.#phase !== undefined) throw new Error(`${this.host}: a phase was started while another is under way`);
    if (this.#failure !== undefined) throw this.#failure;
    const marks = newPhaseMarks();
    const frame = framePhase(script, marks);
    const reply = this.#follow(marks, options);
    void this.#feed.write(frame);
    return await reply;
  }

  async #follow(marks: PhaseMarks, options: RunOptions): Promise<Reply> {
    const phase = new Phase(this.host, marks, {
      timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
      maxBytes: options.maxBytes ?? DEFAULT_MAX_BYTES,
    });
    this.#phase = phase;
    this.#feed.handTo(phase);
    try {
      return await phase.reply;
    } catch (failure) {
      this.#fail(failure);
      throw failure;
    } finally {
      this.#phase = undefined;
      this.#feed.handTo(this);
    }
  }

  async close(lastScript?: string): Promise<void> {
    if (lastScript !== undefined && this.#phase === undefined && this.#failure === undefined)
      void this.#feed.write(framePhase(lastScript, newPhaseMarks()));
    this.#failure ??= interrupted(this.host);
    this.#phase?.fail(interrupted(this.host));
    this.#feed.channel.close();
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise((resolve) => {
      timer = setTimeout(resolve, CLOSE_TIMEOUT_MS);
    });
    await Promise.race([this.#feed.channel.ended, patience]);
    clearTimeout(timer);
    this.#feed.channel.destroy();
  }

  stdout(piece: Buffer): void {
    this.#idleBytes += piece.length;
    if (this.#idleBytes > MAX_IDLE_BYTES) this.#fail(tooMuchOutput(this.host, MAX_IDLE_BYTES));
  }

  stderr(piece: Buffer): void {
    this.stdout(piece);
  }

  ended(ending: ChannelEnding): void {
    this.#failure ??= endedInMidPhase(this.host, ending, '');
  }

  #fail(failure: unknown): void {
    if (failure instanceof HostFailure) this.#failure ??= failure;
    this.#feed.channel.destroy();
  }
}

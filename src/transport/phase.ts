import type { HostFailure } from '../errors/host-failure.ts';
import type { ChannelReader } from './channel-feed.ts';
import { MarkedOutput, type MarkedText } from './marked-output.ts';
import type { PhaseMarks } from './phase-frame.ts';
import { endedInMidPhase, outOfStep, phaseTimedOut, tooMuchOutput } from './session-failures.ts';
import type { ChannelEnding } from './shell-channel.ts';
import type { Reply } from './transport.ts';

/** What one phase is allowed to take. */
export interface PhaseLimits {
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

/** One script under way: reads both outputs up to their marks, within its limits. */
export class Phase implements ChannelReader {
  /** Rejects with a HostFailure; the session cannot be used after that. */
  readonly reply: Promise<Reply>;
  readonly #host: string;
  readonly #limits: PhaseLimits;
  readonly #stdout: MarkedOutput;
  readonly #stderr: MarkedOutput;
  readonly #timer: NodeJS.Timeout;
  #stdoutText: MarkedText | undefined;
  #stderrText: MarkedText | undefined;
  #bytes = 0;
  #settle: { resolve: (reply: Reply) => void; reject: (failure: HostFailure) => void } | undefined;

  constructor(host: string, marks: PhaseMarks, limits: PhaseLimits) {
    this.#host = host;
    this.#limits = limits;
    this.#stdout = new MarkedOutput(marks);
    this.#stderr = new MarkedOutput(marks);
    this.#timer = setTimeout(() => this.fail(phaseTimedOut(host, limits.timeoutMs)), limits.timeoutMs);
    this.reply = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
  }

  stdout(piece: Buffer): void {
    this.#take(piece, () => {
      this.#stdoutText ??= this.#stdout.push(piece);
    });
  }

  stderr(piece: Buffer): void {
    this.#take(piece, () => {
      this.#stderrText ??= this.#stderr.push(piece);
    });
  }

  ended(ending: ChannelEnding): void {
    this.fail(endedInMidPhase(this.#host, ending, (this.#stderrText?.body ?? this.#stderr.soFar).toString('utf8')));
  }

  fail(failure: HostFailure): void {
    clearTimeout(this.#timer);
    this.#settle?.reject(failure);
    this.#settle = undefined;
  }

  #take(piece: Buffer, push: () => void): void {
    this.#bytes += piece.length;
    if (this.#bytes > this.#limits.maxBytes) return this.fail(tooMuchOutput(this.#host, this.#limits.maxBytes));
    try {
      push();
      this.#finish();
    } catch (error) {
      this.fail(outOfStep(this.#host, error));
    }
  }

  #finish(): void {
    if (this.#stdoutText === undefined || this.#stderrText === undefined) return;
    const { body, tail } = this.#stdoutText;
    if (!/^\d{1,3}$/u.test(tail) || this.#stderrText.tail !== '') throw new Error('the end mark has no status');
    clearTimeout(this.#timer);
    this.#settle?.resolve({ status: Number(tail), stdout: body.toString('utf8'), stderr: this.#stderrText.body.toString('utf8') });
    this.#settle = undefined;
  }
}

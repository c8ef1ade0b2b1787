/** A time limit that stands still while a person is being asked something. */
export class Deadline {
  readonly #onExpire: () => void;
  #remainingMs: number;
  #startedAt = 0;
  #timer: NodeJS.Timeout | undefined;
  #pauses = 0;
  #isOver = false;

  constructor(limitMs: number, onExpire: () => void) {
    this.#remainingMs = limitMs;
    this.#onExpire = onExpire;
    this.#start();
  }

  /** Waits for something without counting the time. */
  async without<Result>(waiting: () => Promise<Result>): Promise<Result> {
    if (this.#pauses++ === 0) this.#pause();
    try {
      return await waiting();
    } finally {
      if (--this.#pauses === 0) this.#start();
    }
  }

  /** Ends it for good: it will not expire any more. */
  stop(): void {
    this.#isOver = true;
    this.#pause();
  }

  #pause(): void {
    if (this.#timer === undefined) return;
    this.#remainingMs -= performance.now() - this.#startedAt;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #start(): void {
    if (this.#isOver) return;
    this.#startedAt = performance.now();
    this.#timer = setTimeout(this.#onExpire, Math.max(0, this.#remainingMs));
  }
}

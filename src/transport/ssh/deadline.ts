/** A time limit that stands still while a person is being asked something. */
export class Deadline {
  readonly #onExpire: () => void;
  #remainingMs: number;
  #startedAt = 0;
  #timer: NodeJS.Timeout | undefined;
  #pauses = 0;

  constructor(limitMs: number, onExpire: () => void) {
    this.#remainingMs = limitMs;
    this.#onExpire = onExpire;
    this.#start();
  }

  get remainingMs(): number {
    return this.#timer === undefined ? this.#remainingMs : this.#remainingMs - (performance.now() - this.#startedAt);
  }

  /** Waits for something without counting the time. */
  async without<Result>(waiting: () => Promise<Result>): Promise<Result> {
    if (this.#pauses++ === 0) this.stop();
    try {
      return await waiting();
    } finally {
      if (--this.#pauses === 0) this.#start();
    }
  }

  stop(): void {
    if (this.#timer === undefined) return;
    this.#remainingMs = this.remainingMs;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #start(): void {
    this.#startedAt = performance.now();
    this.#timer = setTimeout(this.#onExpire, Math.max(0, this.#remainingMs));
  }
}

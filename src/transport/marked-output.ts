import type { PhaseMarks } from './phase-frame.ts';

/** ` <status>\n`: the most that a shell prints after the end mark's digits. */
const MAX_TAIL_BYTES = 5;
const FIRST_CAPACITY_BYTES = 4096;

/** The text of one stream between its marks, and what stood after the end mark on its line. */
export interface MarkedText {
  readonly body: Buffer;
  readonly tail: string;
}

/**
 * Cuts the text of one phase out of a byte stream, in whatever pieces it comes.
 *
 * What stands before the begin mark belongs to nobody (a background process of an earlier phase) and is dropped.
 * Memory is what was received, twice at most, however small the pieces are.
 */
export class MarkedOutput {
  readonly #begin: Buffer;
  readonly #end: Buffer;
  #bytes: Buffer = Buffer.allocUnsafe(FIRST_CAPACITY_BYTES);
  #length = 0;
  #searchedTo = 0;
  #hasBegun = false;

  constructor(marks: PhaseMarks) {
    this.#begin = Buffer.from(`${marks.begin}\n`);
    this.#end = Buffer.from(marks.end);
  }

  /** What came between the begin mark and now, for the words of an error. */
  get soFar(): Buffer {
    return this.#hasBegun ? this.#bytes.subarray(0, this.#length) : Buffer.alloc(0);
  }

  /**
   * Takes the next piece; gives the text once the end mark and its line are complete.
   *
   * @throws Error - the end mark is followed by more than a status
   */
  push(piece: Buffer): MarkedText | undefined {
    this.#append(piece);
    if (!this.#hasBegun && !this.#skipToBegin()) return undefined;
    const at = this.#find(this.#end);
    return at < 0 ? undefined : this.#finishAt(at);
  }

  #append(piece: Buffer): void {
    const needed = this.#length + piece.length;
    if (needed > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(needed, this.#bytes.length * 2));
      this.#bytes.copy(larger, 0, 0, this.#length);
      this.#bytes = larger;
    }
    piece.copy(this.#bytes, this.#length);
    this.#length = needed;
  }

  #skipToBegin(): boolean {
    const at = this.#find(this.#begin);
    this.#hasBegun = at >= 0;
    this.#dropTo(this.#hasBegun ? at + this.#begin.length : Math.max(0, this.#length - this.#begin.length + 1));
    return this.#hasBegun;
  }

  #find(mark: Buffer): number {
    const at = this.#bytes.subarray(0, this.#length).indexOf(mark, this.#searchedTo);
    this.#searchedTo = at >= 0 ? at : Math.max(0, this.#length - mark.length + 1);
    return at;
  }

  #dropTo(start: number): void {
    this.#bytes.copyWithin(0, start, this.#length);
    this.#length -= start;
    this.#searchedTo = 0;
  }

  #finishAt(at: number): MarkedText | undefined {
    const rest = this.#bytes.subarray(at + this.#end.length, this.#length);
    const lineEnd = rest.indexOf(0x0a);
    if (lineEnd < 0 && rest.length < MAX_TAIL_BYTES) return undefined;
    if (lineEnd < 0 || lineEnd >= MAX_TAIL_BYTES) throw new Error('the end mark is followed by something else than a status');
    return { body: this.#bytes.subarray(0, at), tail: rest.subarray(0, lineEnd).toString('latin1').trim() };
  }
}

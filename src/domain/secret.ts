import { inspect } from 'node:util';

/**
 * A password, passphrase or key that must reach a host and nothing else.
 *
 * Every way of printing it gives `***`; the text comes out only through `reveal()`.
 */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return '***';
  }

  toJSON(): string {
    return '***';
  }

  [inspect.custom](): string {
    return '***';
  }
}

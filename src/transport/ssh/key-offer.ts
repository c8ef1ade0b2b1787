import ssh2, { type ParsedKey, type SignCallback, type SigningRequestOptions } from 'ssh2';
import type { SignatureHash } from './agent-keys.ts';

/** One key that can be offered to a host. Its secret half is touched only when the host accepts the public one, unless it lies open. */
export interface KeyOffer {
  /** The file or the agent's comment, for messages. */
  readonly label: string;
  readonly publicKey: ParsedKey;
  /** A signature needs no passphrase, no agent and no finger on a button: it can be sent without asking whether the key would do. */
  readonly isOpen?: boolean;
  sign(text: Buffer, hash: SignatureHash | undefined): Promise<Buffer>;
}

/**
 * Presents one offer to ssh2 in the form of an agent.
 *
 * Of ssh2's ways to authenticate only an agent's signs asynchronously, so that a passphrase can be asked for after the
 * host said that it would accept the key.
 */
export class OneKeyAgent extends ssh2.BaseAgent<ParsedKey> {
  readonly #offer: KeyOffer;

  constructor(offer: KeyOffer) {
    super();
    this.#offer = offer;
  }

  override getIdentities(done: (error: Error | undefined, keys?: ParsedKey[]) => void): void {
    done(undefined, [this.#offer.publicKey]);
  }

  override sign(_key: ParsedKey, text: Buffer, options: SigningRequestOptions | SignCallback, done?: SignCallback): void {
    const finish = typeof options === 'function' ? options : done;
    const hash = typeof options === 'function' ? undefined : options.hash;
    this.#offer.sign(text, hash as SignatureHash | undefined).then(
      (signature) => finish?.(undefined, signature),
      (error: unknown) => finish?.(error instanceof Error ? error : new Error(String(error))),
    );
  }
}

import type { HostFailure } from '../../errors/host-failure.ts';
import { fingerprint, type HostKey, keyTypeName } from './host-key.ts';
import { keyChanged, keyNeedsCertificate, keyRevoked, keyUnknown, knownHostsUnreadable } from './host-key-failures.ts';
import type { KnownHostsStore } from './known-hosts-store.ts';
import { type HostName, judgeKey, type KeyVerdict, knownKeyTypes, nameToWrite } from './known-keys.ts';
import type { Prompter } from './prompter.ts';
import type { SshSettings } from './ssh-settings.ts';

/** Whether to go on with a host that showed a key. */
export type KeyDecision =
  | { readonly kind: 'trusted' }
  /** Accepted now: to be written once the host has proved that it holds the key. */
  | { readonly kind: 'accepted' }
  /** StrictHostKeyChecking no, and another key is known: no password may be sent. */
  | { readonly kind: 'unverified'; readonly failure: HostFailure }
  | { readonly kind: 'refused'; readonly failure: HostFailure };

/** Judges host keys for one host, by known_hosts and by StrictHostKeyChecking. */
export class HostKeyCheck {
  readonly #host: string;
  readonly #settings: SshSettings;
  readonly #store: KnownHostsStore;
  readonly #prompter: Prompter | undefined;

  /** @param place - the host's name in the inventory, and what everybody shares */
  constructor(settings: SshSettings, place: { readonly host: string; readonly store: KnownHostsStore; readonly prompter?: Prompter }) {
    this.#settings = settings;
    this.#host = place.host;
    this.#store = place.store;
    this.#prompter = settings.mayAsk ? place.prompter : undefined;
  }

  get knownTypes(): ReadonlySet<string> {
    return knownKeyTypes(this.#lines, this.#name);
  }

  async decide(key: HostKey): Promise<KeyDecision> {
    const decision = this.#judge(key);
    if (decision !== 'ask') return decision;
    const isAccepted = await this.#ask(key);
    const now = this.#judge(key);
    if (now !== 'ask') return now;
    return isAccepted ? { kind: 'accepted' } : { kind: 'refused', failure: keyUnknown(this.#shown(key)) };
  }

  /** Writes an accepted key into the first of the user's files. */
  async remember(key: HostKey): Promise<void> {
    const path = this.#settings.userKnownHostsFiles[0];
    if (path === undefined || judgeKey(this.#lines, this.#name, key).kind === 'known') return;
    await this.#store.add(path, { name: nameToWrite(this.#name), keyType: key.type, key: key.blob, isHashed: this.#settings.isKnownHostHashed });
  }

  #judge(key: HostKey): KeyDecision | 'ask' {
    const verdict: KeyVerdict = judgeKey(this.#lines, this.#name, key);
    const policy = this.#settings.hostKeyPolicy;
    const shown = this.#shown(key);
    switch (verdict.kind) {
      case 'known':
        return { kind: 'trusted' };
      case 'revoked':
        return { kind: 'refused', failure: keyRevoked(shown, verdict.known) };
      case 'changed':
        return { kind: policy === 'no' ? 'unverified' : 'refused', failure: keyChanged(shown, verdict.known) };
      case 'needs-certificate':
        return { kind: 'refused', failure: keyNeedsCertificate(shown, verdict.known) };
      case 'unknown':
        if (policy === 'no' || policy === 'accept-new') return { kind: 'accepted' };
        return policy === 'ask' && this.#prompter !== undefined ? 'ask' : { kind: 'refused', failure: keyUnknown(shown) };
    }
  }

  /** As OpenSSH asks: `yes`, or the fingerprint as a proof that it was compared. */
  async #ask(key: HostKey): Promise<boolean> {
    const print = fingerprint(key.blob);
    const name = nameToWrite(this.#name);
    const question = [
      `The authenticity of host '${name}' can't be established.`,
      `${keyTypeName(key.type)} key fingerprint is ${print}.`,
      'Are you sure you want to continue connecting (yes/no/[fingerprint])? ',
    ].join('\n');
    const answer = (await this.#prompter?.ask(question))?.trim();
    return answer?.toLowerCase() === 'yes' || answer === print;
  }

  #shown(key: HostKey) {
    return { host: this.#host, name: nameToWrite(this.#name), key };
  }

  get #lines() {
    const { userKnownHostsFiles, globalKnownHostsFiles } = this.#settings;
    try {
      return this.#store.linesOf([...userKnownHostsFiles, ...globalKnownHostsFiles]);
    } catch (error) {
      throw knownHostsUnreadable(this.#host, error);
    }
  }

  get #name(): HostName {
    const { hostName, port, hostKeyAlias } = this.#settings;
    return { host: hostName, port, ...(hostKeyAlias === undefined ? {} : { alias: hostKeyAlias }) };
  }
}

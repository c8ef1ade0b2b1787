import type { Duplex } from 'node:stream';
import ssh2, { type Client, type ConnectConfig } from 'ssh2';
import { HostFailure } from '../../errors/host-failure.ts';
import { connectionLost, interrupted } from '../session-failures.ts';
import { chooseAlgorithms } from './algorithms.ts';
import { Authentication } from './authentication.ts';
import { describeConnectError, isDropped, type Progress, timedOut } from './connect-failures.ts';
import { Deadline } from './deadline.ts';
import { fingerprint, type HostKey, readHostKey } from './host-key.ts';
import { HostKeyCheck } from './host-key-check.ts';
import type { KeyOffer } from './key-offer.ts';
import type { LoggedIn, Login } from './login.ts';
import { Dropped } from './patience.ts';
import { pausing } from './prompter.ts';
import { answerFirstPacket, keepHostKeysUnproved, signUnasked } from './ssh2-internals.ts';

/**
 * Connects, verifies the host and logs in, once.
 *
 * @throws Dropped - the other side hung up before it said anything
 * @throws HostFailure - everything else
 */
export async function logIn(login: Login): Promise<LoggedIn> {
  if (login.signal?.aborted === true) throw interrupted(login.host);
  const attempt = new LoginAttempt(login);
  try {
    return await attempt.outcome;
  } finally {
    attempt.finish();
  }
}

/** The state of one login, from the first packet to the last answer of the host. */
class LoginAttempt {
  readonly outcome: Promise<LoggedIn>;
  readonly #login: Login;
  readonly #client: Client = new ssh2.Client();
  readonly #deadline: Deadline;
  readonly #authentication: Authentication;
  readonly #check: HostKeyCheck;
  readonly #signProblems: string[] = [];
  #stream: Duplex | undefined;
  #settle: { resolve: (made: LoggedIn) => void; reject: (failure: Error) => void } | undefined;
  #hostKey: HostKey | undefined;
  #isNewKey = false;
  #unverified: HostFailure | undefined;
  #hasHandshake = false;
  #showVersion: () => void = () => undefined;
  #remembering: Promise<void> = Promise.resolve();
  readonly #abort = () => this.#fail(interrupted(this.#login.host));

  constructor(login: Login) {
    this.#login = login;
    this.outcome = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    this.#deadline = new Deadline(login.settings.connectTimeoutMs, () => this.#fail(timedOut(this.#progress)));
    const prompter = login.prompter === undefined || !login.settings.mayAsk ? undefined : pausing(login.prompter, this.#deadline);
    this.#check = new HostKeyCheck(login.settings, { host: login.host, store: login.store, ...(prompter === undefined ? {} : { prompter }) });
    this.#authentication = new Authentication({
      settings: login.settings,
      offers: login.offers.offers.map((offer) => pausingOffer(offer, this.#deadline)),
      ...(login.password === undefined ? {} : { password: login.password }),
      ...(prompter === undefined ? {} : { prompter }),
      maySendPassword: () => this.#unverified === undefined,
      ...(login.log === undefined ? {} : { log: login.log }),
    });
    login.signal?.addEventListener('abort', this.#abort, { once: true });
    this.#listen();
    void this.#start();
  }

  finish(): void {
    this.#deadline.stop();
    this.#login.signal?.removeEventListener('abort', this.#abort);
  }

  async #start(): Promise<void> {
    try {
      const config = this.#config();
      const stream = await this.#login.dial();
      this.#stream = stream;
      if (this.#settle === undefined) stream.destroy();
      else this.#client.connect({ ...config, sock: stream });
    } catch (error) {
      this.#fail(
        error instanceof HostFailure ? error : describeConnectError(error instanceof Error ? error : new Error(String(error)), this.#progress),
      );
    }
  }

  #config(): ConnectConfig {
    const { settings } = this.#login;
    return {
      username: settings.user,
      authHandler: this.#authentication.next,
      hostVerifier: (blob: Buffer, answer: (isAccepted: boolean) => void) => this.#answer(blob, answer),
      algorithms: this.#algorithms(),
      readyTimeout: 0,
      keepaliveInterval: settings.keepaliveIntervalMs,
      keepaliveCountMax: settings.keepaliveCountMax,
    };
  }

  #algorithms() {
    const { knownTypes } = this.#check;
    try {
      return chooseAlgorithms(this.#login.settings.algorithms, knownTypes);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      throw new HostFailure({ code: 'ssh.unsupported', host: this.#login.host, message, hint: 'Correct the list in ~/.ssh/config.', cause: error });
    }
  }

  #listen(): void {
    this.#client.on('error', (error: Error & { readonly level?: string }) => {
      if (error.level === 'agent') this.#signProblems.push(error.message);
      else this.#failFor(error);
    });
    this.#client.once('handshake', () => {
      this.#hasHandshake = true;
      this.#showVersion = keepHostKeysUnproved(this.#client);
      signUnasked(this.#client, this.#authentication.isOpen);
      if (this.#isNewKey && this.#hostKey !== undefined) this.#remembering = this.#check.remember(this.#hostKey);
    });
    this.#client.once('ready', () => void this.#succeed());
    this.#client.once('close', () => this.#lose());
  }

  async #succeed(): Promise<void> {
    await this.#remembering.catch((error: unknown) => this.#login.log?.(`the host key could not be written to known_hosts: ${String(error)}`));
    const [client, stream, showVersion] = [this.#client, this.#stream, this.#showVersion];
    if (stream === undefined) return;
    this.#settle?.resolve({ client, stream, hurry: answerFirstPacket(client, stream, showVersion) });
    this.#settle = undefined;
  }

  /**
   * ssh2 asks again at every rekey: the same key is right, another one is not.
   *
   * The answer to a rekey must not wait: ssh2 would send data under the old keys after the host has changed to the new ones.
   */
  #answer(blob: Buffer, answer: (isAccepted: boolean) => void): void {
    if (this.#hostKey === undefined) void this.#verify(blob).then(answer);
    else answer(this.#hostKey.blob.equals(blob));
  }

  async #verify(blob: Buffer): Promise<boolean> {
    try {
      const key = readHostKey(blob);
      const decision = await this.#check.decide(key);
      this.#login.log?.(`host key ${fingerprint(key.blob)}: ${decision.kind}`);
      if (decision.kind === 'refused') this.#fail(decision.failure);
      if (decision.kind === 'unverified') this.#goOnUnverified(decision.failure);
      this.#isNewKey = decision.kind === 'accepted';
      this.#hostKey = key;
      return this.#settle !== undefined;
    } catch (error) {
      if (error instanceof HostFailure) this.#fail(error);
      else this.#failFor(error instanceof Error ? error : new Error(String(error)));
      return false;
    }
  }

  /** The login may go on with a key; where only a password is left, or one is needed later, it ends with what is wrong with the host. */
  #goOnUnverified(failure: HostFailure): void {
    if (this.#login.hasSecretsLater) this.#fail(failure);
    this.#unverified = failure;
  }

  #lose(): void {
    if (this.#hasHandshake) this.#fail(connectionLost(this.#login.host));
    else this.#failFor(new Error('the host ended the connection'));
  }

  #failFor(error: Error): void {
    const described = describeConnectError(error, this.#progress);
    const failure = described.code === 'ssh.auth-refused' && this.#login.password !== undefined ? (this.#unverified ?? described) : described;
    this.#fail(!this.#hasHandshake && isDropped(error) ? new Dropped(failure) : failure);
  }

  #fail(failure: Error): void {
    if (this.#settle === undefined) return;
    this.#settle.reject(failure);
    this.#settle = undefined;
    this.#stream?.destroy();
  }

  get #progress(): Progress {
    const { host, settings, offers } = this.#login;
    const keyProblem = offers.requiredProblem ?? this.#signProblems[0];
    const base = { host, settings, hasHandshake: this.#hasHandshake, tried: this.#authentication.tried, notes: offers.notes };
    return keyProblem === undefined ? base : { ...base, keyProblem };
  }
}

/** Signing may ask for a passphrase, or wait for a finger on a key. */
function pausingOffer(offer: KeyOffer, deadline: Deadline): KeyOffer {
  return { ...offer, sign: (text, hash) => deadline.without(() => offer.sign(text, hash)) };
}

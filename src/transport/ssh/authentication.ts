import type { AnyAuthMethod, AuthenticationType, AuthHandlerMiddleware, Prompt } from 'ssh2';
import type { Secret } from '../../domain/secret.ts';
import { stripControl } from '../../domain/strip-control.ts';
import { type KeyOffer, OneKeyAgent } from './key-offer.ts';
import type { Prompter } from './prompter.ts';
import type { SshSettings } from './ssh-settings.ts';

/** ssh_config(5), NumberOfPasswordPrompts. */
const PASSWORD_PROMPTS = 3;

/** What one login is done with. */
export interface Credentials {
  readonly settings: SshSettings;
  readonly offers: readonly KeyOffer[];
  /** The password that the inventory or -k gave. */
  readonly password?: Secret;
  readonly prompter?: Prompter;
  /** False when the host could not be verified: then nothing secret is sent. */
  readonly maySendPassword: () => boolean;
  readonly log?: (line: string) => void;
}

/** One attempt to log in; undefined when it turns out to be of no use. */
interface Attempt {
  readonly label: string;
  readonly type: AuthenticationType;
  /** See KeyOffer. */
  readonly isOpen?: boolean;
  readonly make: () => Promise<AnyAuthMethod | undefined>;
}

/** Walks through the attempts of one login, in order, and remembers them for the message. */
export class Authentication {
  readonly tried: string[] = [];
  #attempts: Attempt[];
  #last: Attempt | undefined;
  readonly #passed = new Set<AuthenticationType>();
  readonly #credentials: Credentials;

  constructor(credentials: Credentials) {
    this.#credentials = credentials;
    this.#attempts = inOrder(credentials);
  }

  /** For ssh2: gives the next attempt, or false. Never `none`, which costs a round trip and tells nothing that the first key does not. */
  readonly next: AuthHandlerMiddleware = (left, isPartial, done) => {
    if (isPartial) this.#beginAgain();
    const end = () => done(false as unknown as AnyAuthMethod);
    this.#advance(left).then((method) => (method === undefined ? end() : done(method)), end);
  };

  /** Whether the attempt that is being made is one with a key that can sign at once. */
  readonly isOpen = (): boolean => this.#last?.isOpen === true;

  async #advance(left: readonly AuthenticationType[] | null): Promise<AnyAuthMethod | undefined> {
    for (let attempt = this.#attempts.shift(); attempt !== undefined; attempt = this.#attempts.shift()) {
      const method = this.#isOfUse(attempt, left) ? await attempt.make() : undefined;
      if (method === undefined) continue;
      if (!this.tried.includes(attempt.label)) this.tried.push(attempt.label);
      this.#last = attempt;
      this.#credentials.log?.(`trying ${attempt.label}`);
      return method;
    }
    return undefined;
  }

  /**
   * A host that wants a second method after a password may want a key that it did not take before (sshd_config(5), AuthenticationMethods).
   *
   * ssh2 goes on saying that a success was partial while it walks through keys, so that counts after other methods only.
   */
  #beginAgain(): void {
    if (this.#last === undefined || this.#last.type === 'agent') return;
    this.#passed.add(this.#last.type);
    this.#attempts = inOrder(this.#credentials).filter(({ type }) => !this.#passed.has(type));
  }

  /** @param left - the methods the host still takes; null until it has said so, which ssh2 does not pass on after a key */
  #isOfUse({ type }: Attempt, left: readonly AuthenticationType[] | null): boolean {
    if (type === 'agent') return left === null || left.includes('publickey');
    return (left === null || left.includes(type)) && this.#credentials.maySendPassword();
  }
}

/** A password that somebody gave for this host comes before keys that are only lying about, and after a key named for it. */
function inOrder(credentials: Credentials): Attempt[] {
  const { settings, password } = credentials;
  const keys = settings.methods.publicKey ? credentials.offers.map((offer) => keyAttempt(settings.user, offer)) : [];
  const passwords = passwordAttempts(credentials);
  const hasNamedKey = settings.identityFiles.some(({ origin }) => origin !== 'default');
  return password !== undefined && !hasNamedKey ? [...passwords, ...keys] : [...keys, ...passwords];
}

function keyAttempt(username: string, offer: KeyOffer): Attempt {
  return {
    label: offer.label,
    type: 'agent',
    isOpen: offer.isOpen === true,
    make: async () => ({ type: 'agent', username, agent: new OneKeyAgent(offer) }),
  };
}

/** Where a person is asked, keyboard-interactive goes first: only a host that knows it asks back, so nobody types a password in vain. */
function passwordAttempts({ settings, password, prompter }: Credentials): Attempt[] {
  const { user: username, methods, name } = settings;
  const given: Attempt = {
    label: 'password',
    type: 'password',
    make: async () => ({ type: 'password', username, password: password?.reveal() ?? '' }),
  };
  const interactive: Attempt = {
    label: 'keyboard-interactive',
    type: 'keyboard-interactive',
    make: async () => ({ type: 'keyboard-interactive', username, prompt: answerPrompts({ name, password, prompter }) }),
  };
  const askFor = async (): Promise<AnyAuthMethod | undefined> => {
    const typed = await prompter?.askSecret(`${username}@${name}'s password: `);
    return typed === undefined ? undefined : { type: 'password', username, password: typed.reveal() };
  };
  const asked: Attempt = { label: 'password', type: 'password', make: askFor };
  const isAsking = password === undefined && prompter !== undefined;
  if (password === undefined && !isAsking) return [];
  const interactiveOnes = methods.keyboardInteractive ? [interactive] : [];
  if (!methods.password) return interactiveOnes;
  return isAsking ? [...interactiveOnes, ...Array.from({ length: PASSWORD_PROMPTS }, () => asked)] : [given, ...interactiveOnes];
}

interface Answers {
  readonly name: string;
  readonly password: Secret | undefined;
  readonly prompter: Prompter | undefined;
}

/** A hidden question gets the password, once; every other one goes to the person at the terminal, or is left unanswered. */
function answerPrompts({ name, password, prompter }: Answers) {
  let isPasswordSpent = password === undefined;
  const answer = async ({ prompt, echo = false }: Prompt): Promise<string> => {
    if (!echo && !isPasswordSpent) {
      isPasswordSpent = true;
      return password?.reveal() ?? '';
    }
    const question = `(${name}) ${stripControl(prompt)}`;
    if (echo) return (await prompter?.ask(question)) ?? '';
    return (await prompter?.askSecret(question))?.reveal() ?? '';
  };
  return (...[, , , prompts, finish]: PromptsArguments): void => {
    const answers = async () => {
      const given: string[] = [];
      for (const prompt of prompts) given.push(await answer(prompt));
      return given;
    };
    void answers().then(finish, () => finish(prompts.map(() => '')));
  };
}

/** What ssh2 calls with: name, instructions, language, prompts, and where the answers go. */
type PromptsArguments = [string, string, string, Prompt[], (answers: string[]) => void];

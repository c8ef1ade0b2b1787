import type { Secret } from '../../domain/secret.ts';
import { stripControl } from '../../domain/strip-control.ts';
import type { Prompter } from '../ssh/prompter.ts';
import type { Question } from './askpass-helper.ts';

/** What is known about one ssh process that asks. */
export interface Asked {
  readonly user: string;
  /** The name it dials, in lower case. */
  readonly hostName: string;
  readonly password?: Secret;
  /** Absent where nobody is to be asked. */
  readonly prompter?: Prompter;
}

/** Passphrases that were typed in this run, by ssh's own question, which names the key. */
export type Passphrases = Map<string, Secret>;

/**
 * Answers what one ssh process asks.
 *
 * The inventory's password is for the host that it is written for: it goes out for the two questions in which ssh itself names user
 * and host, once each, and never for a question of another host on the way. A passphrase that was typed is given again to other
 * processes, and once to each: who asks twice was given a wrong one.
 */
export class Answers {
  readonly #asked: Asked;
  readonly #passphrases: Passphrases;
  readonly #spent = new Set<string>();

  constructor(asked: Asked, passphrases: Passphrases) {
    this.#asked = asked;
    this.#passphrases = passphrases;
  }

  async answer({ hint, prompt }: Question): Promise<string | undefined> {
    if (hint === 'none') return undefined;
    const given = this.#given(prompt);
    if (given !== undefined) return given.reveal();
    const { prompter } = this.#asked;
    const question = stripControl(prompt);
    if (hint === 'confirm' || /\(yes\/no[^)]*\)\? ?$|'yes', 'no' or the fingerprint: $/u.test(prompt)) return prompter?.ask(question);
    const typed = await prompter?.askSecret(question);
    if (typed !== undefined && isForKey(prompt)) this.#passphrases.set(prompt, typed);
    return typed?.reveal();
  }

  #given(prompt: string): Secret | undefined {
    const form = this.#formOf(prompt);
    const secret = form === 'key' ? this.#passphrases.get(prompt) : this.#asked.password;
    const use = form === 'key' ? prompt : form;
    if (use === undefined || secret === undefined || this.#spent.has(use)) return undefined;
    this.#spent.add(use);
    return secret;
  }

  /** sshconnect2.c, userauth_passwd and input_userauth_info_req; the latter puts user and host before the words of the host. */
  #formOf(prompt: string): 'key' | 'password' | 'interactive' | undefined {
    const { user, hostName } = this.#asked;
    if (isForKey(prompt)) return 'key';
    if (prompt === `${user.slice(0, 30)}@${hostName.slice(0, 128)}'s password: `) return 'password';
    return prompt.startsWith(`(${user}@${hostName}) `) ? 'interactive' : undefined;
  }
}

function isForKey(prompt: string): boolean {
  return prompt.startsWith("Enter passphrase for key '");
}

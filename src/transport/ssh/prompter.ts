import type { Secret } from '../../domain/secret.ts';
import type { Deadline } from './deadline.ts';

/** A person at a terminal. Absent where there is none: then nothing is asked, and what would have been asked is a failure. */
export interface Prompter {
  /** @returns what was typed; undefined when the question was dismissed */
  ask(question: string): Promise<string | undefined>;
  /** As ask(), without showing what is typed. */
  askSecret(question: string): Promise<Secret | undefined>;
}

/** Puts the questions of many hosts one after the other. */
export function oneAtATime(prompter: Prompter): Prompter {
  let last: Promise<unknown> = Promise.resolve();
  const queue = <Answer>(question: () => Promise<Answer>): Promise<Answer> => {
    const answer = last.then(question);
    last = answer.catch(() => undefined);
    return answer;
  };
  return {
    ask: (question) => queue(() => prompter.ask(question)),
    askSecret: (question) => queue(() => prompter.askSecret(question)),
  };
}

/** Lets a time limit stand still while a person is being asked. */
export function pausing(prompter: Prompter, deadline: Deadline): Prompter {
  return {
    ask: (question) => deadline.without(() => prompter.ask(question)),
    askSecret: (question) => deadline.without(() => prompter.askSecret(question)),
  };
}

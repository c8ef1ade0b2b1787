import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { Secret } from '../domain/secret.ts';

/** Whether somebody is there to be asked. */
export function hasTerminal(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true;
}

/** Asks on the terminal; undefined when there is none or the question was dismissed with Ctrl-D. */
export async function askOnTerminal(question: string): Promise<string | undefined> {
  return put(question, process.stderr);
}

/** As {@link askOnTerminal}, without showing what is typed. */
export async function askSecretOnTerminal(question: string): Promise<Secret | undefined> {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  process.stderr.write(question);
  const answer = await put('', silent);
  process.stderr.write('\n');
  return answer === undefined ? undefined : new Secret(answer);
}

async function put(question: string, output: NodeJS.WritableStream): Promise<string | undefined> {
  const lines = createInterface({ input: process.stdin, output, terminal: true });
  const dismissed = new Promise<undefined>((resolve) => lines.once('close', () => resolve(undefined)));
  try {
    return await Promise.race([lines.question(question), dismissed]);
  } finally {
    lines.close();
  }
}

/** The environment of an ssh process that may ask: where, and which process it is. Neither is a secret. */
export const ASK_SOCKET = 'TUNORCH_ASK_SOCKET';
export const ASK_FOR = 'TUNORCH_ASK_FOR';

/**
 * The program that ssh starts to ask something (ssh(1), SSH_ASKPASS): it hands the question to the run and prints the answer.
 *
 * The answer goes from the run's socket into the pipe to ssh, and into no argument, environment or file.
 */
export const HELPER = `import { connect } from 'node:net';
const { ${ASK_SOCKET}: socket = '', ${ASK_FOR}: asker = '', SSH_ASKPASS_PROMPT: hint = '' } = process.env;
const run = connect(socket, () => run.end([asker, hint, process.argv[2] ?? ''].join('\\0')));
const pieces = [];
run.on('data', (piece) => pieces.push(piece));
run.on('error', () => { process.exitCode = 1; });
run.on('end', () => {
  const reply = Buffer.concat(pieces).toString();
  if (reply.startsWith('+')) process.stdout.write(reply.slice(1) + '\\n');
  else process.exitCode = 1;
});
`;

/** One question of an ssh process. */
export interface Question {
  readonly asker: string;
  /** `confirm`, `none` for a notice that wants no answer, or nothing: ssh(1), SSH_ASKPASS_PROMPT. */
  readonly hint: string;
  readonly prompt: string;
}

export function parseQuestion(text: string): Question {
  const [asker = '', hint = '', ...prompt] = text.split('\0');
  return { asker, hint, prompt: prompt.join('\0') };
}

import { createServer, type Server, type Socket } from 'node:net';
import { parseQuestion, type Question } from './askpass-helper.ts';

/** Answers the questions of one ssh process; undefined dismisses one. */
export type Answering = (question: Question) => Promise<string | undefined>;

/** No question of ssh is longer. */
const MAX_QUESTION_BYTES = 16 * 1024;

/** Takes the questions of all ssh processes of a run, on a socket in its private folder. */
export class Askpass {
  readonly #askers = new Map<string, Answering>();
  readonly #server: Server;
  readonly #ready: Promise<void>;

  constructor(socketPath: string) {
    this.#server = createServer({ allowHalfOpen: true }, (socket) => void this.#hear(socket));
    this.#ready = new Promise((resolve, reject) => this.#server.once('error', reject).listen(socketPath, () => resolve()));
    this.#server.unref();
  }

  /** @returns once the socket is there */
  async admit(asker: string, answering: Answering): Promise<void> {
    this.#askers.set(asker, answering);
    await this.#ready;
  }

  dismiss(asker: string): void {
    this.#askers.delete(asker);
  }

  close(): void {
    this.#server.close();
  }

  async #hear(socket: Socket): Promise<void> {
    socket.on('error', () => undefined);
    const question = await readAll(socket);
    const answer =
      question === undefined
        ? undefined
        : await this.#askers
            .get(question.asker)?.(question)
            .catch(() => undefined);
    socket.end(answer === undefined ? '' : `+${answer}`);
  }
}

function readAll(socket: Socket): Promise<Question | undefined> {
  return new Promise((resolve) => {
    const pieces: Buffer[] = [];
    let length = 0;
    socket.on('data', (piece: Buffer) => {
      pieces.push(piece);
      length += piece.length;
      if (length > MAX_QUESTION_BYTES) socket.destroy();
    });
    socket.once('end', () => resolve(parseQuestion(Buffer.concat(pieces).toString('utf8'))));
    socket.once('close', () => resolve(undefined));
  });
}

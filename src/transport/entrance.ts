import { isIP } from 'node:net';
import type { Become } from '../domain/host.ts';
import type { HostFailure } from '../errors/host-failure.ts';
import { isPrompt, wantsTerminal } from './become-words.ts';
import type { ChannelReader } from './channel-feed.ts';
import type { EntranceMarks } from './entrance-command.ts';
import { becomeEnded, noBecomeProgram, noShellInTime, noTerminal, notRoot, passwordWrong, shellUnusable } from './entrance-failures.ts';
import { connectionLost, tooMuchOutput } from './session-failures.ts';
import type { ChannelEnding } from './shell-channel.ts';
import type { SshConnection } from './transport.ts';

/** A motd, a sudo lecture and the noise of rc files are smaller than this. */
const MAX_NOISE_BYTES = 64 * 1024;

export interface EntranceRequest {
  readonly host: string;
  readonly become?: Become;
  readonly marks: EntranceMarks;
  /** For the login shell, rc files and sudo together. */
  readonly timeoutMs: number;
  /** Writes the password, once the become program has asked for it. */
  readonly sendPassword: () => void;
}

/** What the host said about itself on the way in. */
export interface Entered {
  readonly connection?: SshConnection;
}

/**
 * Reads a channel from its first byte until its root shell waits for scripts, and answers the become program on the way.
 *
 * The password goes out only after /bin/sh said hello and a prompt came on stderr: sudo's own random one, or the question of doas
 * or su. Nothing tells in which order the two streams arrive. A second prompt means that the password was wrong.
 */
export class Entrance implements ChannelReader {
  readonly entered: Promise<Entered>;
  readonly #request: EntranceRequest;
  readonly #timer: NodeJS.Timeout;
  #settle: { resolve: (entered: Entered) => void; reject: (failure: HostFailure) => void } | undefined;
  #stdout: Buffer = Buffer.alloc(0);
  #stderr: Buffer = Buffer.alloc(0);
  #connection: SshConnection | undefined;
  #hasSaidHello = false;
  /** How much of stderr was read when the password went out. */
  #answeredAt: number | undefined;

  constructor(request: EntranceRequest) {
    this.#request = request;
    this.#timer = setTimeout(() => this.fail(noShellInTime(request, this.#hasSaidHello, this.#words)), request.timeoutMs);
    this.entered = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
  }

  /** What came after the last line of the entrance, on both streams. */
  get rest(): { readonly stdout: Buffer; readonly stderr: Buffer } {
    return { stdout: this.#stdout, stderr: this.#stderr };
  }

  /** Whether the become program ended because it wants a terminal. */
  get isTerminalWanted(): boolean {
    return this.#hasSaidHello && wantsTerminal(this.#words);
  }

  stdout(piece: Buffer): void {
    this.#stdout = Buffer.concat([this.#stdout, piece]);
    this.#checkSize();
    while (this.#settle !== undefined && this.#readLine());
  }

  stderr(piece: Buffer): void {
    this.#stderr = Buffer.concat([this.#stderr, piece]);
    this.#checkSize();
    if (this.#settle !== undefined) this.#answerPrompt();
    if (this.#stderr.includes(`${this.#request.marks.word} ended\n`)) this.ended({ code: 1 });
  }

  ended(ending: ChannelEnding): void {
    if (ending.code === undefined && ending.signal === undefined) return this.fail(connectionLost(this.#request.host, ending.reason));
    this.fail(this.#hasSaidHello ? becomeEnded(this.#request, ending, this.#words) : shellUnusable(this.#request.host, ending, this.#words));
  }

  fail(failure: HostFailure): void {
    clearTimeout(this.#timer);
    this.#settle?.reject(failure);
    this.#settle = undefined;
  }

  /** Takes the next line that carries the random word; text before the word on its line is somebody's noise. */
  #readLine(): boolean {
    const { word } = this.#request.marks;
    const at = this.#stdout.indexOf(`${word} `);
    const lineEnd = at < 0 ? -1 : this.#stdout.indexOf(0x0a, at);
    if (lineEnd < 0) return false;
    const [event = '', ...words] = this.#stdout
      .subarray(at + word.length + 1, lineEnd)
      .toString('latin1')
      .trim()
      .split(/ +/u);
    this.#stdout = this.#stdout.subarray(lineEnd + 1);
    this.#advance(event, words);
    return true;
  }

  #advance(event: string, words: readonly string[]): void {
    if (event === 'hello') {
      this.#hasSaidHello = true;
      this.#connection = readSshConnection(words);
      this.#answerPrompt();
    } else if (event === 'missing') {
      this.fail(noBecomeProgram(this.#request));
    } else if (event === 'no-terminal') {
      this.fail(noTerminal(this.#request));
    } else if (event === 'ready') {
      this.#finish(words[0]);
    }
  }

  #finish(uid: string | undefined): void {
    if (uid !== '0') return this.fail(notRoot(this.#request, uid ?? '?'));
    clearTimeout(this.#timer);
    this.#settle?.resolve(this.#connection === undefined ? {} : { connection: this.#connection });
    this.#settle = undefined;
  }

  #answerPrompt(): void {
    const { become, sendPassword } = this.#request;
    if (!this.#hasSaidHello || become?.password === undefined || !this.#isAsked(become.method, this.#answeredAt ?? 0)) return;
    if (this.#answeredAt !== undefined) return this.fail(passwordWrong(this.#request));
    this.#answeredAt = this.#stderr.length;
    sendPassword();
  }

  #isAsked(method: Become['method'], since: number): boolean {
    const { prompt, word } = this.#request.marks;
    if (method === 'sudo') return this.#stderr.includes(prompt, since);
    const asks = this.#stderr.indexOf(`${word} asks\n`);
    return asks >= 0 && isPrompt(this.#stderr.subarray(Math.max(since, asks + `${word} asks\n`.length)).toString('latin1'));
  }

  #checkSize(): void {
    if (this.#stdout.length + this.#stderr.length > MAX_NOISE_BYTES) this.fail(tooMuchOutput(this.#request.host, MAX_NOISE_BYTES));
  }

  /** What a person would have read, without the random words and without the password. */
  get #words(): string {
    const { marks, become } = this.#request;
    const text = `${this.#stdout.toString('utf8')}\n${this.#stderr.toString('utf8')}`;
    const withoutMarks = text
      .replaceAll(marks.prompt, '')
      .replaceAll(new RegExp(`${marks.word} (?:asks|ended)\\n`, 'gu'), '')
      .replaceAll(marks.word, '')
      .replaceAll(marks.go, '');
    const password = become?.password?.reveal() ?? '';
    return password === '' ? withoutMarks : withoutMarks.replaceAll(password, '***');
  }
}

/** `client-address client-port server-address server-port`: ssh(1), ENVIRONMENT. */
function readSshConnection(words: readonly string[]): SshConnection | undefined {
  const [clientAddress = '', , serverAddress = ''] = words;
  return isIP(clientAddress) === 0 || isIP(serverAddress) === 0 ? undefined : { clientAddress, serverAddress };
}

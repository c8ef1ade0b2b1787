import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Answer } from './fake-kernel.ts';

const PROGRAMS = ['ip', 'ping', 'modprobe', 'nft'];

/** What scripts may use of this machine. The real `ip` is not among them, so nothing that goes wrong can reach this machine's own network. */
const TOOLS = [
  'sh',
  'cat',
  'mv',
  'ln',
  'chmod',
  'sync',
  'rm',
  'mkdir',
  'rmdir',
  'grep',
  'sed',
  'head',
  'tail',
  'readlink',
  'ls',
  'stat',
  'date',
  'sleep',
  'flock',
  'setsid',
  'timeout',
  'env',
  'kill',
  'printf',
  'mktemp',
  'base64',
  'od',
];
const FOLDERS = ['/usr/bin', '/bin', '/usr/sbin', '/sbin'];

/**
 * Carries calls out and answers in, until this process closes its end or dies; then whoever still waits for an answer is
 * sent away, and the host's folder goes.
 */
const CARRIER = `exec 3<>"$0/ask" 4<>"$0/answer"
cat <&3 4>&- & reader=$!
cat >&4
kill $reader
for n in 1 2 3 4 5 6 7 8 9; do echo '* 255 0 0' >&4; done
sleep 1
rm -rf "$0"`;

/** One call of a program on the host. */
export interface Call {
  readonly program: string;
  readonly argv: readonly string[];
  /** What it read, where it reads at all. */
  readonly input: string;
}

/**
 * Programs of a host that ask this process instead of a kernel.
 *
 * Each is a few lines of sh, since a node of its own would take fifty milliseconds a call: it puts its words into one pipe
 * and reads its status from another, one call at a time.
 */
export class FakeHostPrograms {
  readonly #root: string;
  readonly #answerTo: (call: Call) => Answer;
  readonly #pipes: ChildProcessWithoutNullStreams;
  #text = '';

  /** @param root - an empty folder of the host; the programs are in its `bin` */
  constructor(root: string, answerTo: (call: Call) => Answer) {
    this.#root = root;
    this.#answerTo = answerTo;
    mkdirSync(join(root, 'bin'), { recursive: true });
    for (const program of PROGRAMS) this.#install(program);
    execFileSync('mkfifo', [join(root, 'ask'), join(root, 'answer')]);
    for (const tool of TOOLS) this.#borrow(tool);
    this.#pipes = spawn('sh', ['-c', CARRIER, root], { detached: true });
    this.#pipes.stdin.on('error', () => undefined);
    this.#pipes.stdout.setEncoding('utf8');
    this.#pipes.stdout.on('data', (text: string) => this.#read(text));
  }

  #borrow(tool: string): void {
    const folder = FOLDERS.find((one) => existsSync(join(one, tool)));
    if (folder !== undefined && !existsSync(join(this.#root, 'bin', tool))) symlinkSync(join(folder, tool), join(this.#root, 'bin', tool));
  }

  #install(program: string): void {
    const file = join(this.#root, 'bin', program);
    writeFileSync(
      file,
      `#!/bin/sh
root='${this.#root}'
exec 6>>"$root/mutex"; flock 6
words="$$ ${program} $#"; for word; do words="$words
$word"; done
case " $* " in *' -batch '*) while IFS= read -r line; do words="$words
$line"; done ;; esac
printf '%s\\n%s\\n' "$words" "$$ done" >"$root/ask"
while read -r id status out err <"$root/answer"; do [ "$id" = "$$" ] || [ "$id" = '*' ] && break; done
[ "$out" = 0 ] || cat "$root/out"
[ "$err" = 0 ] || cat "$root/err" >&2
exit "$status"
`,
    );
    chmodSync(file, 0o755);
  }

  #read(text: string): void {
    this.#text += text;
    for (let lines = this.#text.split('\n'); lines.length > 1; lines = this.#text.split('\n')) {
      const [id = '', program = '', count = '0'] = (lines[0] ?? '').split(' ');
      const end = lines.indexOf(`${id} done`);
      if (end < 0) return;
      const number = Number(count) + 1;
      this.#text = lines.slice(end + 1).join('\n');
      this.#reply(id, { program, argv: lines.slice(1, number), input: lines.slice(number, end).join('\n') });
    }
  }

  #reply(id: string, call: Call): void {
    const { status, stdout, stderr } = this.#answerTo(call);
    if (stdout !== '') writeFileSync(join(this.#root, 'out'), stdout);
    if (stderr !== '') writeFileSync(join(this.#root, 'err'), stderr);
    this.#pipes.stdin.write(`${id} ${status} ${stdout === '' ? 0 : 1} ${stderr === '' ? 0 : 1}\n`);
  }

  close(): void {
    this.#pipes.stdin.end();
  }
}

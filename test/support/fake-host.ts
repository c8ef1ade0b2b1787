import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChannelFeed } from '../../src/transport/channel-feed.ts';
import { framePhase, newPhaseMarks } from '../../src/transport/phase-frame.ts';
import type { ChannelEnding, ShellChannel } from '../../src/transport/shell-channel.ts';
import { ShellSession } from '../../src/transport/shell-session.ts';
import type { Reply, RunOptions, Session } from '../../src/transport/transport.ts';
import { type } from './builders-kernel.ts';
import { FakeHostFiles } from './fake-host-files.ts';
import type { FakeNetwork } from './fake-host-network.ts';
import { type Call, FakeHostPrograms } from './fake-host-programs.ts';
import type { Answer, FakeKernel } from './fake-kernel.ts';

const NOBODY = { stdout: () => undefined, stderr: () => undefined, ended: () => undefined };

/**
 * A host whose shell, locks, processes and files are real and whose kernel is not.
 *
 * Scripts run in `sh` of this machine; `ip`, `ping` and `modprobe` come first in its PATH and ask the fake kernel, and the
 * kernel's paths lead into a folder of the host's own.
 */
export class FakeHost {
  readonly name: string;
  readonly kernel: FakeKernel;
  readonly files: FakeHostFiles;
  readonly #network: FakeNetwork;
  readonly #programs: FakeHostPrograms;
  readonly #shells = new Set<ChildProcess>();

  /** @param shell - path of the program that is `sh` there; left out: the one of this machine */
  constructor(name: string, kernel: FakeKernel, { network, shell }: { readonly network: FakeNetwork; readonly shell?: string }) {
    this.name = name;
    this.kernel = kernel;
    this.#network = network;
    network.kernels.push(kernel);
    const root = mkdtempSync(join(tmpdir(), 'tunorch-host-'));
    this.files = new FakeHostFiles(root, kernel);
    if (shell !== undefined) {
      mkdirSync(join(root, 'bin'));
      symlinkSync(shell, join(root, 'bin/sh'));
    }
    this.#programs = new FakeHostPrograms(root, (call) => this.#answer(call));
  }

  #answer({ program, argv, input }: Call): Answer {
    this.files.toKernel();
    const answer = this.#run(program, argv, input);
    this.files.toFiles();
    return answer;
  }

  #run(program: string, argv: readonly string[], input: string): Answer {
    if (program === 'ip') return this.kernel.ip(argv, input);
    if (program === 'nft') return this.kernel.nft(argv);
    if (program === 'modprobe') return this.kernel.modprobe(argv);
    return this.#network.ping(this.kernel, argv);
  }

  /** Somebody types `ip WORDS` on it. @throws Error - it was refused */
  type(words: string): void {
    type(this.kernel, words);
    this.files.toFiles();
  }

  /** What the kernel has now, with what scripts wrote to its files. */
  snapshot(): readonly string[] {
    this.files.toKernel();
    this.files.toFiles();
    return this.kernel.snapshot();
  }

  /** A shell as sshd would have started it, with both its pipes. */
  startShell(): { readonly child: ChildProcess; readonly channel: ShellChannel } {
    const child = spawn('sh', [], {
      stdio: ['pipe', 'pipe', 'pipe'],
      cwd: '/',
      env: { PATH: `${this.files.root}/bin`, LC_ALL: 'C' },
    });
    this.#shells.add(child);
    const ended = new Promise<ChannelEnding>((resolve) => {
      child.on('exit', (code, signal) => {
        this.#shells.delete(child);
        resolve(signal === null ? { code: code ?? 0 } : { signal });
      });
    });
    const { stdin, stdout, stderr } = child;
    return { child, channel: { stdin, stdout, stderr, ended, close: () => void stdin.end(), destroy: () => void stdin.end() } };
  }

  /** The real session over that shell; scripts lead into the host's folder, and what they print leads out of it. */
  openSession(opening?: string): FakeSession {
    const { child, channel } = this.startShell();
    const marks = opening === undefined ? undefined : newPhaseMarks();
    if (opening !== undefined && marks !== undefined) channel.stdin.write(framePhase(this.files.intoRoot(opening), marks));
    const rest = { stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) };
    const greeting = { host: this.name, rest, ...(marks === undefined ? {} : { openingMarks: marks }) };
    return new FakeSession(new ShellSession(new ChannelFeed(channel, NOBODY), greeting), { child, channel, files: this.files });
  }

  /** Ends every shell without a word, so that nothing it would have done at its end is done. */
  killShells(): void {
    for (const child of this.#shells) child.kill('SIGKILL');
  }

  close(): void {
    this.killShells();
    rmSync(this.files.root, { recursive: true, force: true });
    this.#programs.close();
  }
}

interface Carrier {
  readonly child: ChildProcess;
  readonly channel: ShellChannel;
  readonly files: FakeHostFiles;
}

export class FakeSession implements Session {
  readonly host: string;
  readonly opening?: Promise<Reply>;
  readonly carrier: Carrier;
  readonly #session: Session;

  constructor(session: Session, carrier: Carrier) {
    this.host = session.host;
    this.carrier = carrier;
    this.#session = session;
    if (session.opening === undefined) return;
    this.opening = session.opening.then((reply) => this.#outOfRoot(reply));
    this.opening.catch(() => undefined);
  }

  async run(script: string, options?: RunOptions): Promise<Reply> {
    return this.#outOfRoot(await this.#session.run(this.carrier.files.intoRoot(script), options));
  }

  #outOfRoot({ status, stdout, stderr }: Reply): Reply {
    const { files } = this.carrier;
    return { status, stdout: files.outOfRoot(stdout), stderr: files.outOfRoot(stderr) };
  }

  async close(lastScript?: string): Promise<void> {
    await this.#session.close(lastScript === undefined ? undefined : this.carrier.files.intoRoot(lastScript));
    await this.carrier.channel.ended;
  }
}

import type { Host } from '../../domain/host.ts';
import type { Secret } from '../../domain/secret.ts';
import { randomMark } from '../phase-frame.ts';
import { interrupted } from '../session-failures.ts';
import { Deadline } from '../ssh/deadline.ts';
import { Dropped } from '../ssh/patience.ts';
import { type Prompter, pausing } from '../ssh/prompter.ts';
import type { SshEnvironment } from '../ssh/ssh-environment.ts';
import type { SshSettings } from '../ssh/ssh-settings.ts';
import { Answers, type Passphrases } from './answers.ts';
import { Askpass } from './askpass.ts';
import { ASK_FOR, ASK_SOCKET } from './askpass-helper.ts';
import { describeLoginEnd, loginTimedOut } from './openssh-failures.ts';
import { isDroppedBy } from './openssh-words.ts';
import type { RuntimeFolder } from './runtime-folder.ts';
import { sshArguments } from './ssh-arguments.ts';
import { SshProcess } from './ssh-process.ts';
import type { InstalledSsh } from './ssh-version.ts';

/** What all ssh processes of a run share. */
export interface LauncherParts {
  readonly environment: SshEnvironment;
  readonly folder: RuntimeFolder;
  readonly ssh: InstalledSsh;
  readonly prompter?: Prompter;
  readonly log?: (host: string, line: string) => void;
}

/** One ssh to start, and what it is to do once it is logged in. */
export interface Launch {
  readonly host: Host;
  readonly settings: SshSettings;
  readonly signal?: AbortSignal;
  /** The socket of the bastion that it goes through. */
  readonly bastion?: string;
  readonly work: { readonly kind: 'session'; readonly command: string } | { readonly kind: 'bastion'; readonly listensOn: string };
}

/** ssh's own limit comes first, so that it can say what it waited for. */
const GRACE_MS = 500;

/** Starts ssh processes, lets them ask, and waits until they are logged in. */
export class Launcher {
  readonly #parts: LauncherParts;
  readonly #askpass: Askpass;
  readonly #socket: string;
  readonly #passphrases: Passphrases = new Map<string, Secret>();

  constructor(parts: LauncherParts) {
    this.#parts = parts;
    this.#socket = parts.folder.unused('ask');
    this.#askpass = new Askpass(this.#socket);
  }

  /** @throws Dropped - the other side hung up before it said anything. @throws HostFailure - everything else */
  async launch(launch: Launch): Promise<SshProcess> {
    const asker = randomMark();
    const deadline = new Deadline(launch.settings.connectTimeoutMs + GRACE_MS, () => expire());
    let expire: () => void = () => undefined;
    const expired = new Promise<'expired'>((resolve) => {
      expire = () => resolve('expired');
    });
    try {
      const isSilent = await this.#admit(asker, launch, deadline);
      const ssh = this.#spawn(launch, { asker, isSilent });
      return await this.#untilLoggedIn(ssh, launch, expired);
    } finally {
      deadline.stop();
      this.#askpass.dismiss(asker);
    }
  }

  close(): void {
    this.#askpass.close();
  }

  /** @returns whether there is nobody to answer */
  async #admit(asker: string, { host, settings }: Launch, deadline: Deadline): Promise<boolean> {
    const { prompter, ssh } = this.#parts;
    const password = ssh.namesItsQuestions ? host.connection.password : undefined;
    const person = prompter === undefined || !settings.mayAsk ? undefined : pausing(prompter, deadline);
    if (password === undefined && person === undefined) return true;
    const asked = {
      user: settings.user,
      hostName: settings.hostName,
      ...(password === undefined ? {} : { password }),
      ...(person === undefined ? {} : { prompter: person }),
    };
    const answers = new Answers(asked, ssh.namesItsQuestions ? this.#passphrases : new Map<string, Secret>());
    await this.#askpass.admit(asker, (question) => answers.answer(question));
    return false;
  }

  #spawn({ host, settings, bastion, work }: Launch, { asker, isSilent }: { readonly asker: string; readonly isSilent: boolean }): SshProcess {
    const { environment, folder } = this.#parts;
    const [mark, logPath] = [randomMark(), folder.unused('log')];
    const purpose = {
      logPath,
      mark,
      isSilent,
      hasPassword: host.connection.password !== undefined,
      carriesPassword: host.connection.become?.password !== undefined,
      ...(bastion === undefined ? {} : { bastion }),
      ...(work.kind === 'bastion' ? { listensOn: work.listensOn } : {}),
    };
    const words = sshArguments(host, settings, { environment, purpose });
    const args = work.kind === 'bastion' ? ['-N', ...words] : [...words, work.command];
    const asking = isSilent
      ? {}
      : {
          SSH_ASKPASS: folder.askpass,
          SSH_ASKPASS_REQUIRE: 'force',
          DISPLAY: environment.env.DISPLAY ?? ':',
          [ASK_SOCKET]: this.#socket,
          [ASK_FOR]: asker,
        };
    return new SshProcess({
      program: work.kind,
      args,
      mark,
      logPath,
      env: { ...environment.env, SHELL: environment.env.SHELL ?? '/bin/sh', ...asking },
    });
  }

  async #untilLoggedIn(
    ssh: SshProcess,
    { host: { name: host, connection }, settings, signal }: Launch,
    expired: Promise<'expired'>,
  ): Promise<SshProcess> {
    let abort: () => void = () => undefined;
    const aborted = new Promise<'aborted'>((resolve) => {
      abort = () => resolve('aborted');
    });
    signal?.addEventListener('abort', abort, { once: true });
    if (signal?.aborted === true) abort();
    const outcome = await Promise.race([ssh.loggedIn.then(() => 'logged-in' as const), ssh.ended.then(() => 'ended' as const), expired, aborted]);
    signal?.removeEventListener('abort', abort);
    if (outcome === 'logged-in') return ssh;
    const end = { host, settings, words: ssh.words, stderr: ssh.earlyStderr, hasPassword: connection.password !== undefined };
    this.#parts.log?.(host, `ssh: ${end.words.trim()}`);
    ssh.destroy();
    if (outcome === 'aborted') throw interrupted(host);
    if (outcome === 'expired') throw loginTimedOut(end);
    const failure = describeLoginEnd(end);
    throw isDroppedBy(end.words) ? new Dropped(failure) : failure;
  }
}

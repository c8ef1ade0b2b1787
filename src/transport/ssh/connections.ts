import type { Secret } from '../../domain/secret.ts';
import { HostFailure } from '../../errors/host-failure.ts';
import { dialDirectly, dialThrough } from './dial.ts';
import { sayFarewell } from './exec-channel.ts';
import { behindJump, jumpLoop } from './jump-failures.ts';
import { KeyRing } from './key-ring.ts';
import { KnownHostsStore } from './known-hosts-store.ts';
import type { LoggedIn, Login } from './login.ts';
import { logIn } from './login-attempt.ts';
import { orInterrupted, withPatience } from './patience.ts';
import type { Prompter } from './prompter.ts';
import { settingsOfJump } from './resolve-settings.ts';
import type { SshEnvironment } from './ssh-environment.ts';
import type { JumpHop, SshSettings } from './ssh-settings.ts';

type Log = (host: string, line: string) => void;

/** Whom to log in to. */
export interface Destination {
  readonly host: string;
  readonly settings: SshSettings;
  readonly password?: Secret;
  readonly hasSecretsLater: boolean;
  readonly signal?: AbortSignal;
  /** The jump hosts that are being connected because of this one: none of them may need itself. */
  readonly behind?: ReadonlySet<string>;
}

/** The connections of a run: what they share is read, asked for and connected once. */
export class Connections {
  readonly #environment: SshEnvironment;
  readonly #log: Log | undefined;
  readonly #prompter: Prompter | undefined;
  readonly #keys: KeyRing;
  readonly #store = new KnownHostsStore();
  readonly #jumps = new Map<string, Promise<LoggedIn>>();

  constructor(environment: SshEnvironment & { readonly log?: Log }, prompter: Prompter | undefined) {
    this.#environment = environment;
    this.#log = environment.log;
    this.#prompter = prompter;
    this.#keys = new KeyRing(prompter);
  }

  /** @throws HostFailure */
  async logIn(destination: Destination): Promise<LoggedIn> {
    const { host, settings, password, hasSecretsLater, signal } = destination;
    if (settings.onlyOpenSsh[0] !== undefined) throw needsOpenSsh(host, settings.onlyOpenSsh[0]);
    const jump = await orInterrupted(this.#jump(destination), { host, ...(signal === undefined ? {} : { signal }) });
    const login: Login = {
      host,
      settings,
      hasSecretsLater,
      offers: await this.#keys.offersFor(settings),
      store: this.#store,
      dial: async () => (jump === undefined ? dialDirectly(settings) : dialThrough(jump, { host, settings })),
      log: (line) => this.#log?.(host, line),
      ...(password === undefined ? {} : { password }),
      ...(this.#prompter === undefined ? {} : { prompter: this.#prompter }),
      ...(signal === undefined ? {} : { signal }),
    };
    return withPatience({ host, limitMs: settings.connectTimeoutMs, ...(signal === undefined ? {} : { signal }) }, () => logIn(login));
  }

  /** Ends the connections to jump hosts. */
  async close(): Promise<void> {
    const jumps = [...this.#jumps.values()];
    this.#jumps.clear();
    for (const result of await Promise.allSettled(jumps)) if (result.status === 'fulfilled') sayFarewell(result.value);
  }

  /** One connection a jump host, whatever the number of hosts behind it. */
  async #jump({ host, settings: { jumps }, behind = new Set() }: Destination): Promise<LoggedIn | undefined> {
    if (jumps.length === 0) return undefined;
    const way = JSON.stringify(jumps);
    if (behind.has(way)) throw jumpLoop(host);
    const connection = this.#jumps.get(way) ?? this.#connectJump(jumps, way, new Set([...behind, way]));
    this.#jumps.set(way, connection);
    try {
      return await connection;
    } catch (error) {
      throw error instanceof HostFailure ? behindJump(host, error) : error;
    }
  }

  async #connectJump(hops: readonly JumpHop[], way: string, behind: ReadonlySet<string>): Promise<LoggedIn> {
    try {
      const settings = await settingsOfJump(hops, this.#environment);
      const jump = await this.logIn({ host: settings.name, settings, hasSecretsLater: false, behind });
      jump.client.once('close', () => this.#jumps.delete(way));
      return jump;
    } catch (error) {
      this.#jumps.delete(way);
      throw error;
    }
  }
}

export function needsOpenSsh(host: string, option: string): HostFailure {
  return new HostFailure({
    code: 'ssh.unsupported',
    host,
    message: `the SSH option ${option} is set for it, which ssh2 cannot follow`,
    hint: 'Leave out --transport ssh2: the system’s own ssh follows it.',
  });
}

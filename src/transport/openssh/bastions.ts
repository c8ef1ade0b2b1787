import { HostFailure } from '../../errors/host-failure.ts';
import { behindJump, jumpLoop } from '../ssh/jump-failures.ts';
import { withPatience } from '../ssh/patience.ts';
import { hostOfJump, settingsOfJump } from '../ssh/resolve-settings.ts';
import type { SshEnvironment } from '../ssh/ssh-environment.ts';
import type { JumpHop, SshSettings } from '../ssh/ssh-settings.ts';
import type { Launcher } from './launcher.ts';
import type { RuntimeFolder } from './runtime-folder.ts';
import type { SshProcess } from './ssh-process.ts';

interface Bastion {
  readonly socket: string;
  readonly ssh: SshProcess;
}

interface Parts {
  readonly launcher: Launcher;
  readonly folder: RuntimeFolder;
  readonly environment: SshEnvironment;
}

/** The hosts that others are reached through: one connection each, whatever the number of hosts behind it (ssh_config(5), ControlMaster). */
export class Bastions {
  readonly #parts: Parts;
  readonly #bastions = new Map<string, Promise<Bastion>>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /**
   * The socket of the last bastion before a host; undefined where there is none.
   *
   * @param behind - the ways that are being connected because of this one: none of them may need itself
   * @throws HostFailure
   */
  async socketFor(host: string, { jumps }: SshSettings, behind: ReadonlySet<string> = new Set()): Promise<string | undefined> {
    if (jumps.length === 0) return undefined;
    const way = JSON.stringify(jumps);
    if (behind.has(way)) throw jumpLoop(host);
    const bastion = this.#bastions.get(way) ?? this.#connect(jumps, way, new Set([...behind, way]));
    this.#bastions.set(way, bastion);
    try {
      return (await bastion).socket;
    } catch (error) {
      throw error instanceof HostFailure ? behindJump(host, error) : error;
    }
  }

  /** Ends all of them, the ones that others go through last. */
  async close(): Promise<void> {
    const bastions = [...this.#bastions.values()].reverse();
    this.#bastions.clear();
    for (const result of await Promise.allSettled(bastions)) {
      if (result.status === 'rejected') continue;
      result.value.ssh.close();
      await result.value.ssh.ended;
    }
  }

  async #connect(hops: readonly JumpHop[], way: string, behind: ReadonlySet<string>): Promise<Bastion> {
    const { launcher, folder, environment } = this.#parts;
    try {
      const host = hostOfJump(hops.at(-1) ?? { host: '' });
      const settings = await settingsOfJump(hops, environment);
      const before = await this.socketFor(host.name, settings, behind);
      const listensOn = folder.unused('bastion');
      const work = { kind: 'bastion', listensOn } as const;
      const ssh = await withPatience({ host: host.name, limitMs: settings.connectTimeoutMs }, () =>
        launcher.launch({ host, settings, work, ...(before === undefined ? {} : { bastion: before }) }),
      );
      for (const output of [ssh.stdout, ssh.stderr]) output.resume();
      void ssh.ended.then(() => this.#bastions.delete(way));
      return { socket: listensOn, ssh };
    } catch (error) {
      this.#bastions.delete(way);
      throw error;
    }
  }
}

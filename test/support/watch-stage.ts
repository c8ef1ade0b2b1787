import type { Host } from '../../src/domain/host.ts';
import type { Tunnel } from '../../src/domain/tunnel.ts';
import { HostFailure, type HostFailureCode } from '../../src/errors/host-failure.ts';
import { startWatch, type Watch } from '../../src/run/watch/watch.ts';
import type { WatchRequest, WatchWorld } from '../../src/run/watch/watch-world.ts';
import type { Unstamped } from '../../src/run/world.ts';
import type { Reply, RunOptions, Session } from '../../src/transport/transport.ts';
import { aRequest } from './builders-run.ts';
import { eventProblems } from './event-schema.ts';

/** What lies between the two hosts of a tunnel, as a test wants it. */
export interface WatchedPath {
  /** Packets cross. */
  isOpen: boolean;
  /** The host the device is gone on. */
  gone?: string;
  rttMs: number;
  bytes: number;
}

/** A clock that jumps to whatever is to happen next: days go by in milliseconds. */
class Clock {
  now = 1_000_000;
  #sleepers: { readonly at: number; readonly wake: () => void }[] = [];

  sleep(milliseconds: number): Promise<void> {
    return new Promise((wake) => {
      this.#sleepers.push({ at: this.now + Math.max(0, milliseconds), wake });
    });
  }

  /** Lets all happen that is due until then, in its order. */
  async runUntil(end: number): Promise<void> {
    for (;;) {
      await settle();
      const [next] = this.#sleepers.toSorted((one, other) => one.at - other.at);
      if (next === undefined || next.at > end) break;
      this.#sleepers = this.#sleepers.filter((one) => one !== next);
      this.now = Math.max(this.now, next.at);
      next.wake();
    }
    this.now = Math.max(this.now, end);
  }

  wakeAll(): void {
    for (const { wake } of this.#sleepers.splice(0)) wake();
  }
}

/** Everything that waits for nothing but other promises has come to its end. */
function settle(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** A watch on hosts that are a few lines of this file, in a time of its own. */
export class WatchStage {
  readonly clock = new Clock();
  readonly events: (Unstamped & { readonly at: number })[] = [];
  readonly paths = new Map<string, WatchedPath>();
  /** Why a host cannot be reached; `stalled`: it says nothing any more. */
  readonly ills = new Map<string, HostFailureCode | 'stalled'>();
  readonly connections: { readonly host: string; readonly at: number }[] = [];
  readonly watch: Watch;
  readonly world: WatchWorld;
  readonly #stop = new AbortController();
  #openSessions = 0;

  constructor(tunnels: readonly Tunnel[], fields: Partial<WatchRequest> = {}) {
    for (const { name } of tunnels) this.paths.set(name, { isOpen: true, rttMs: 2, bytes: 0 });
    this.world = this.#world();
    this.watch = startWatch({ run: aRequest({ command: 'watch', tunnels }), intervalSeconds: 5, retries: 3, ...fields }, this.world);
  }

  path(tunnel = 'gre1'): WatchedPath {
    const path = this.paths.get(tunnel);
    if (path === undefined) throw new Error(`no tunnel ${tunnel}`);
    return path;
  }

  async seconds(count: number): Promise<this> {
    await this.clock.runUntil(this.clock.now + count * 1000);
    return this;
  }

  /** Ends the watch, as Ctrl-C does or, with `quit`, the key q. */
  async end(reason = 'signal') {
    this.#stop.abort(reason);
    this.clock.wakeAll();
    return this.watch.ended;
  }

  get openSessions(): number {
    return this.#openSessions;
  }

  told<Type extends Unstamped['type']>(type: Type): readonly (Extract<Unstamped, { readonly type: Type }> & { readonly at: number })[] {
    return this.events.filter((event) => event.type === type) as never;
  }

  #world(): WatchWorld {
    const { clock } = this;
    let runs = 0;
    return {
      transport: { connect: (host, _signal, opening) => this.#connect(host, opening ?? ''), close: () => Promise.resolve() },
      report: (event) => {
        const stamped = { ...event, at: clock.now };
        const unknown = eventProblems(stamped);
        if (unknown.length > 0) throw new Error(`\`tunorch schema events\` does not know this: ${unknown.join('; ')}`);
        this.events.push(stamped);
      },
      now: () => clock.now,
      sleep: (milliseconds) => clock.sleep(milliseconds),
      rest: (milliseconds) => clock.sleep(milliseconds),
      jitter: () => 0.5,
      randomBytes: (count) => Buffer.alloc(count),
      interrupt: this.#stop.signal,
      newRunId: () => `run-${++runs}`,
    };
  }

  async #connect({ name }: Host, opening: string): Promise<Session> {
    this.connections.push({ host: name, at: this.clock.now });
    await this.clock.sleep(100);
    const ill = this.ills.get(name);
    if (ill !== undefined) throw failure(name, ill === 'stalled' ? 'ssh.timeout' : ill);
    this.#openSessions += 1;
    let isOpen = true;
    const close = () => {
      if (isOpen) this.#openSessions -= 1;
      isOpen = false;
      return Promise.resolve();
    };
    const ends = [...opening.matchAll(/tunorch_probe (\S+) echo (\S+) ping/g)].map(([, tunnel = '', target = '']) => ({ tunnel, target }));
    return {
      host: name,
      opening: Promise.resolve(reply('@@tunorch-watch-ready\n')),
      run: (_script, options) => this.#round(name, ends, options),
      close,
    };
  }

  async #round(
    host: string,
    ends: readonly { readonly tunnel: string; readonly target: string }[],
    { timeoutMs = 0 }: RunOptions = {},
  ): Promise<Reply> {
    if (this.ills.has(host)) {
      await this.clock.sleep(this.ills.get(host) === 'stalled' ? timeoutMs : 0);
      throw failure(host, this.ills.get(host) === 'stalled' ? 'shell.timeout' : 'ssh.connection-lost');
    }
    const isHeard = ({ tunnel }: { readonly tunnel: string }) => this.path(tunnel).isOpen && this.path(tunnel).gone === undefined;
    const answers = ends.map((end) => ({ ...end, isAnswered: isHeard(end) }));
    await this.clock.sleep(answers.every(({ isAnswered }) => isAnswered) ? 10 : 710);
    const counters = ends.map(({ tunnel }) => {
      const { gone, bytes } = this.path(tunnel);
      return `@@tunorch-counters ${tunnel} ${gone === host ? '- - - - - - - - -' : `0x91 ${bytes} 9 0 0 ${bytes * 2} 9 0 0`}`;
    });
    const words = answers.map(({ tunnel, target, isAnswered }) => {
      const { rttMs } = this.path(tunnel);
      const times = isAnswered ? `rtt min/avg/max/mdev = ${rttMs}/${rttMs}/${rttMs}/0 ms` : '';
      return `@@tunorch-probe ${tunnel} echo ${target} 0 0\n1 packets transmitted, ${Number(isAnswered)} received, time 0ms\n${times}`;
    });
    return reply([`@@tunorch-clock ${this.clock.now / 1000}`, ...counters, ...words, ''].join('\n'));
  }
}

function reply(stdout: string): Reply {
  return { status: 0, stdout, stderr: '' };
}

function failure(host: string, code: HostFailureCode): HostFailure {
  return new HostFailure({ code, host, message: 'it does not answer', hint: 'Look at it.' });
}

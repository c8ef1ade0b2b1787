import { setTimeout } from 'node:timers/promises';
import type { Host } from '../../src/domain/host.ts';
import { HostFailure } from '../../src/errors/host-failure.ts';
import type { Reply, RunOptions, Session, Transport } from '../../src/transport/transport.ts';
import type { FakeHost, FakeSession } from './fake-host.ts';

/** What a script is for, told by the function it defines. */
export type ScriptSort = 'gather' | 'measure' | 'prepare' | 'apply' | 'verify' | 'settle' | 'finish' | 'rejoin' | 'echo' | 'other';

/**
 * `before` the script ran, `meanwhile`, or `after`: the connection goes, and the shell sees the end of its input. `killed`: the
 * shell goes too. `stalled`: nothing gets through any more in either direction, and neither end is told.
 */
export type Loss = 'before' | 'meanwhile' | 'after' | 'killed' | 'stalled';

export interface Faults {
  /** How the connection is lost in this phase, on this host. */
  readonly lose?: (host: string, sort: ScriptSort) => Loss | undefined;
  /** Whether a connection to the host can be had now. */
  readonly isReachable?: (host: string) => boolean;
  /** Something that happens just before a phase's script is sent. */
  readonly before?: (host: string, sort: ScriptSort) => void | Promise<void>;
}

/** Sessions on fake hosts, and what may go wrong on the way to them. */
export class FakeTransport implements Transport {
  readonly #hosts: ReadonlyMap<string, FakeHost>;
  readonly #faults: Faults;
  /** Every script that was sent, in order. */
  readonly scripts: { readonly host: string; readonly sort: ScriptSort; readonly text: string }[] = [];

  constructor(hosts: readonly FakeHost[], faults: Faults = {}) {
    this.#hosts = new Map(hosts.map((host) => [host.name, host]));
    this.#faults = faults;
  }

  async connect({ name }: Host, _signal?: AbortSignal, opening?: string): Promise<Session> {
    const host = this.#hosts.get(name);
    if (host === undefined || this.#faults.isReachable?.(name) === false) throw failure(name, 'ssh.unreachable');
    if (opening !== undefined) await this.note(name, opening);
    const loss = opening === undefined ? undefined : this.lossOf(name, opening);
    if (loss === 'before') throw failure(name, 'ssh.connection-lost');
    const session = new FaultySession(host.openSession(opening), this);
    if (loss !== undefined) {
      if (loss === 'after') await session.opening;
      await session.lose(loss);
      throw failure(name, 'ssh.connection-lost');
    }
    return session;
  }

  async note(host: string, text: string): Promise<void> {
    const sort = sortOf(text);
    this.scripts.push({ host, sort, text });
    await this.#faults.before?.(host, sort);
  }

  lossOf(host: string, script: string): Loss | undefined {
    return this.#faults.lose?.(host, sortOf(script));
  }

  async close(): Promise<void> {}
}

/** A session whose connection may go. */
class FaultySession implements Session {
  readonly host: string;
  readonly opening?: Promise<Reply>;
  readonly #session: FakeSession;
  readonly #transport: FakeTransport;
  #isLost = false;

  constructor(session: FakeSession, transport: FakeTransport) {
    this.host = session.host;
    this.#session = session;
    this.#transport = transport;
    if (session.opening !== undefined) this.opening = session.opening;
  }

  async run(script: string, options?: RunOptions): Promise<Reply> {
    if (this.#isLost) throw failure(this.host, 'ssh.connection-lost');
    await this.#transport.note(this.host, script);
    const loss = this.#transport.lossOf(this.host, script);
    if (loss === undefined) return this.#session.run(script, options);
    if (loss === 'meanwhile') this.#session.run(script, options).catch(() => undefined);
    if (loss === 'after' || loss === 'killed') await this.#session.run(script, options);
    if (loss === 'stalled') await setTimeout(options?.timeoutMs ?? 60_000);
    await this.lose(loss);
    throw failure(this.host, 'ssh.connection-lost');
  }

  /** The far end sees the end of its input; whoever lost it does not wait for what it does then. */
  async lose(loss: Loss): Promise<void> {
    const { child, channel } = this.#session.carrier;
    this.#isLost = true;
    if (loss === 'killed') child.kill('SIGKILL');
    else if (loss !== 'stalled') channel.stdin.end();
  }

  /** A last word that is lost `before` never reaches the host, which sees the end of its input all the same. */
  async close(lastScript?: string): Promise<void> {
    if (lastScript === undefined || this.#isLost) return this.#session.close();
    await this.#transport.note(this.host, lastScript);
    const loss = this.#transport.lossOf(this.host, lastScript);
    if (loss === 'killed') await this.lose(loss);
    await this.#session.close(loss === undefined ? lastScript : undefined);
  }
}

function sortOf(script: string): ScriptSort {
  if (script.includes('tunorch_prepare()')) return 'prepare';
  if (script.includes('tunorch_paths()')) return 'measure';
  if (script.includes('tunorch_apply()')) return 'apply';
  if (script.includes('tunorch_probes()')) return 'verify';
  if (script.includes('tunorch_settle()')) return 'settle';
  if (script.includes('tunorch_alone tunorch_finish')) return 'finish';
  if (script.includes('@@tunorch-rejoin') || script.includes('tunorch_rejoin')) return 'rejoin';
  if (script.startsWith('ping ')) return 'echo';
  return script.includes('tunorch_network()') ? 'gather' : 'other';
}

function failure(host: string, code: 'ssh.unreachable' | 'ssh.connection-lost'): HostFailure {
  const message = code === 'ssh.unreachable' ? 'connect ECONNREFUSED' : 'the connection was lost';
  return new HostFailure({ code, host, message, hint: 'Look at the network between here and the host.' });
}

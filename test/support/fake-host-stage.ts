import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { Tunnel } from '../../src/domain/tunnel.ts';
import type { Recap } from '../../src/run/events.ts';
import { run } from '../../src/run/run.ts';
import type { RunRequest, Unstamped } from '../../src/run/world.ts';
import { aRequest } from './builders-run.ts';
import { FakeHost } from './fake-host.ts';
import { FakeNetwork } from './fake-host-network.ts';
import { FakeTransport, type Faults } from './fake-host-transport.ts';
import type { FakeKernel } from './fake-kernel.ts';

/** What one run left: its recap, what it told, and what it sent. */
export interface StagedRun {
  readonly recap: Recap;
  readonly events: readonly Unstamped[];
  readonly scripts: FakeTransport['scripts'];
}

type StagedRequest = Partial<RunRequest> & { readonly tunnels: readonly Tunnel[]; readonly faults?: Faults; readonly interrupt?: AbortSignal };

/** Hosts on one network, and runs on them. */
export class Stage {
  readonly network = new FakeNetwork();
  readonly hosts: ReadonlyMap<string, FakeHost>;

  /** @param shell - path of the program that is `sh` on all hosts */
  constructor(kernels: Readonly<Record<string, FakeKernel>>, shell?: string) {
    const place = { network: this.network, ...(shell === undefined ? {} : { shell }) };
    this.hosts = new Map(Object.entries(kernels).map(([name, kernel]) => [name, new FakeHost(name, kernel, place)]));
  }

  host(name: string): FakeHost {
    const host = this.hosts.get(name);
    if (host === undefined) throw new Error(`no host ${name} on the stage`);
    return host;
  }

  kernel(name: string): FakeKernel {
    return this.host(name).kernel;
  }

  /** Runs a command as the program would; what polls a lost host does so a hundred times as often. */
  async run({ faults, interrupt = new AbortController().signal, ...fields }: StagedRequest): Promise<StagedRun> {
    const transport = new FakeTransport([...this.hosts.values()], faults);
    const events: Unstamped[] = [];
    const world = {
      transport,
      report: (event: Unstamped) => void events.push(event),
      now: Date.now,
      jitter: () => 0.5,
      randomBytes: (count: number) => randomBytes(count),
      sleep: (ms: number) => setTimeout(ms / 100),
      interrupt,
    };
    const recap = await run(aRequest(fields), world);
    return { recap, events, scripts: transport.scripts };
  }

  /** Every host as it is now. */
  snapshots(): Readonly<Record<string, readonly string[]>> {
    return Object.fromEntries([...this.hosts].map(([name, host]) => [name, host.snapshot()]));
  }

  /** Hosts on which something of a run is left under /run. */
  get littered(): readonly string[] {
    return [...this.hosts.values()].filter(({ files }) => files.hasRunFolder).map(({ name }) => name);
  }

  close(): void {
    for (const host of this.hosts.values()) host.close();
  }
}

/** Waits until something holds, at most `seconds`. @throws Error - it never did */
export async function until(holds: () => boolean, seconds = 10): Promise<void> {
  const end = Date.now() + seconds * 1000;
  while (!holds()) {
    if (Date.now() > end) throw new Error('what was waited for did not come');
    await setTimeout(10);
  }
}

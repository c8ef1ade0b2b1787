import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { Tunnel } from '../../src/domain/tunnel.ts';
import { matcherOf } from '../../src/inventory/pattern-terms.ts';
import type { Play } from '../../src/inventory/playbook/playbook.ts';
import { readPlaybook } from '../../src/inventory/playbook/read-playbook.ts';
import type { PlaybookRecap, Recap } from '../../src/run/events.ts';
import { runPlaybook } from '../../src/run/play/run-playbook.ts';
import { run } from '../../src/run/run.ts';
import type { RunRequest, Unstamped } from '../../src/run/world.ts';
import { aRequest } from './builders-run.ts';
import { eventProblems } from './event-schema.ts';
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

type StagedRequest = Partial<RunRequest> & {
  readonly tunnels: readonly Tunnel[];
  readonly faults?: Faults;
  readonly interrupt?: AbortSignal;
  readonly listen?: (event: Unstamped) => void;
};

/** What a playbook left. */
export interface PlayedPlaybook extends Omit<StagedRun, 'recap'> {
  readonly recap: PlaybookRecap;
}

type StagedPlay = StagedRequest & { readonly playbook: string; readonly confirm?: boolean; readonly startAt?: number };

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
  async run({ faults, interrupt, listen, ...fields }: StagedRequest): Promise<StagedRun> {
    const { world, events, transport } = this.world({ faults, interrupt, listen });
    const recap = await run(aRequest(fields), world);
    return { recap, events, scripts: transport.scripts };
  }

  /** Plays a playbook of YAML on all tunnels, each play on those whose names its pattern matches. */
  async play({ faults, interrupt, playbook: text, confirm = true, startAt = 0, ...fields }: StagedPlay): Promise<PlayedPlaybook> {
    const { playbook, diagnostics } = readPlaybook({ path: 'playbook.yaml', text });
    if (playbook === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
    const { world, events, transport } = this.world({ faults, interrupt });
    const matching = (pattern: string) => new Set([...this.hosts.keys()].filter((name) => name === pattern));
    const request = {
      playbook,
      startAt,
      base: aRequest(fields),
      tunnelsOf: ({ tunnels }: Play) => fields.tunnels.filter(({ name }) => tunnels === undefined || matcherOf(tunnels)?.(name)),
      hostsOf: matching,
      groupsOf: () => ['all'],
    };
    const recap = await runPlaybook(request, { ...world, newRunId: () => randomUUID(), confirm: () => Promise.resolve(confirm) });
    return { recap, events, scripts: transport.scripts };
  }

  /** What a run touches: the fake hosts, and a clock that waits a hundredth of what it is asked to. */
  world({
    faults,
    interrupt = new AbortController().signal,
    listen = () => undefined,
  }: {
    readonly faults?: Faults | undefined;
    readonly interrupt?: AbortSignal | undefined;
    readonly listen?: StagedRequest['listen'] | undefined;
  } = {}) {
    const transport = new FakeTransport([...this.hosts.values()], faults);
    const events: Unstamped[] = [];
    const world = {
      transport,
      report: (event: Unstamped) => {
        const stamped = { at: 0, ...event };
        const unknown = eventProblems(stamped);
        if (unknown.length > 0) throw new Error(`\`tunorch schema events\` does not know this: ${unknown.join('; ')}`);
        events.push(event);
        listen(event);
      },
      now: Date.now,
      jitter: () => 0.5,
      randomBytes: (count: number) => randomBytes(count),
      sleep: (ms: number) => setTimeout(ms / 100),
      interrupt,
    };
    return { world, events, transport };
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

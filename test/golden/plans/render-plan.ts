import type { ObservedHost } from '../../../src/domain/observed.ts';
import type { BackEndName, PersistObstacle, StoredFile } from '../../../src/domain/persistence.ts';
import type { DesiredState } from '../../../src/domain/tunnel.ts';
import { readInventory } from '../../../src/inventory/read-inventory.ts';
import { commandsOf } from '../../../src/plan/commands.ts';
import type { Step } from '../../../src/plan/operation.ts';
import { type Observation, planAbsence, planPresence, type TunnelPlan } from '../../../src/plan/plan-tunnel.ts';
import { summaryOf } from '../../../src/run/summary.ts';
import { finalLines, inverseLine, inverseOperations } from '../../../src/script/inverse.ts';
import { planLines, planSummary } from '../../../src/ui/plan-lines.ts';
import { problemLines } from '../../../src/ui/problem-lines.ts';
import { PLAIN_THEME } from '../../../src/ui/theme.ts';
import { aKernel, type KernelFields, type } from '../../support/builders-kernel.ts';
import { keysFor } from '../../support/builders-keys.ts';
import type { FakeKernel } from '../../support/fake-kernel.ts';
import { observeAll } from '../../support/fake-kernel-observe.ts';
import { runCommand } from '../../support/fake-kernel-operations.ts';

/** A host before the run: what it has, what was typed after the earlier run, from where SSH comes, and what its disk has. */
export type StagedHost = KernelFields & {
  readonly since?: readonly string[];
  readonly ssh?: string;
  /** Bytes its paths were found to carry. */
  readonly path?: number;
  /** What could bring tunnels back at boot. */
  readonly runs?: readonly BackEndName[];
  /** What of it is incomplete. */
  readonly lacks?: readonly PersistObstacle[];
  /** By device, what brought it up. */
  readonly keepers?: Readonly<Record<string, BackEndName>>;
  /** Texts by their paths, of those tunorch looks at. */
  readonly files?: Readonly<Record<string, string>>;
};

export interface Case {
  readonly inventory: string;
  /** Inventory of an earlier run that went well. */
  readonly before?: string;
  readonly observed: Readonly<Record<string, StagedHost>>;
  /** `up`, `up --adopt`, `rekey` or `down`. */
  readonly command: string;
}

/** The files of a golden case: the plan as people see it, and for each host what runs and what undoes it. */
export function planOf({ inventory, before, observed, command }: Case): ReadonlyMap<string, string> {
  const kernels = new Map(Object.entries(observed).map(([host, fields]) => [host, aKernel(fields)]));
  if (before !== undefined) carryOut(kernels, plansFor(kernels, read(before), {}));
  for (const [host, { since = [] }] of Object.entries(observed)) for (const words of since) type(kernelOf(kernels, host), words);
  const plans = plansFor(kernels, read(inventory), { command, staged: observed });
  const hosts = [...new Set(plans.flatMap(({ steps }) => steps.map(({ host }) => host)))];
  return new Map([
    ['plan.txt', planText(plans)],
    ...hosts.flatMap((host): [string, string][] => [
      [`${host}.apply.sh`, applyText(host, plans)],
      [`${host}.rollback.sh`, rollbackText(host, plans)],
    ]),
  ]);
}

function read(text: string): DesiredState {
  const { desired, diagnostics } = readInventory([{ path: 'inventory.yaml', text }]);
  if (desired === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  return desired;
}

function kernelOf(kernels: ReadonlyMap<string, FakeKernel>, host: string): FakeKernel {
  const kernel = kernels.get(host);
  if (kernel === undefined) throw new Error(`observed.yaml has no ${host}`);
  return kernel;
}

function plansFor(
  kernels: ReadonlyMap<string, FakeKernel>,
  { tunnels, hosts: declared }: DesiredState,
  { command = 'up', staged = {} }: { readonly command?: string; readonly staged?: Case['observed'] },
): readonly TunnelPlan[] {
  const addresses = new Map([...declared].flatMap(([name, { connection }]) => (connection.host === undefined ? [] : [[name, [connection.host]]])));
  const hosts = new Map(
    [...observeAll(kernels, tunnels, addresses)].map(([host, observed]) => [host, withPath(withStaged(observed, staged[host]), staged[host]?.path)]),
  );
  const keys = keysFor(tunnels, { isRenewed: command === 'rekey' });
  const observation: Observation = { hosts, addresses, foreignDevices: command.includes('--adopt') ? 'adopt' : 'refuse', keys };
  return tunnels.map((tunnel) => (command === 'down' ? planAbsence : planPresence)(tunnel, observation));
}

function withStaged(observed: ObservedHost, { ssh, runs = [], lacks = [], keepers = {}, files = {} }: StagedHost = {}): ObservedHost {
  const texts = Object.entries(files).map(([path, text]): StoredFile => ({ kind: 'text', path, mode: '644', text }));
  const persistence = { backEnds: new Set(runs), obstacles: new Set(lacks), keepers: new Map(Object.entries(keepers)), files: texts };
  const told = { ...observed, persistence };
  return ssh === undefined ? told : { ...told, ssh: { clientAddress: ssh, serverAddress: '30.1.1.1' } };
}

function withPath(observed: ObservedHost, bytes: number | undefined): ObservedHost {
  return bytes === undefined ? observed : { ...observed, pathMtus: new Map([...observed.lookups.keys()].map((key) => [key, bytes])) };
}

function carryOut(kernels: ReadonlyMap<string, FakeKernel>, plans: readonly TunnelPlan[]): void {
  for (const { host, forward, final = [] } of plans.flatMap(({ steps }) => steps)) {
    for (const command of [...forward, ...final].flatMap(commandsOf)) runCommand(kernelOf(kernels, host), command);
  }
}

function planText(plans: readonly TunnelPlan[]): string {
  const telling = { theme: PLAIN_THEME, columns: 120 };
  const blocks = plans.map(({ tunnel, changes, endpoints, problems }) => {
    const mtuBytes = endpoints?.[0].mtuBytes;
    const lines = planLines({ ...summaryOf(tunnel), changes, ...(mtuBytes === undefined ? {} : { mtuBytes }) }, telling);
    const refused = problems.flatMap((problem) => problemLines({ ...problem, tunnel: tunnel.name }, telling));
    return (problems.length > 0 ? refused : lines).join('\n');
  });
  return `${[...blocks, planSummary(plans.flatMap(({ changes }) => changes))].join('\n\n')}\n`;
}

function on(host: string, { steps }: TunnelPlan): readonly Step[] {
  return steps.filter((step) => step.host === host);
}

/** Each command under the title of its step; the script sends those of `ip` as one batch. */
function applyText(host: string, plans: readonly TunnelPlan[]): string {
  const steps = plans.flatMap((plan) => on(host, plan));
  const lines = steps.flatMap(({ tunnel, title, forward, waitsForPeer }) => [
    `# ${tunnel}: ${title}${waitsForPeer === true ? ', when the peer has done all before' : ''}`,
    ...forward.flatMap(commandsOf).map(({ tool, line }) => (tool === 'ip' ? `ip ${line}` : line)),
  ]);
  const final = finalLines(steps);
  return `${[...lines, ...(final.length === 0 ? [] : ['# when nothing can be taken back any more', ...final])].join('\n')}\n`;
}

/** Runs whole, however far the apply came; the last tunnel first. */
function rollbackText(host: string, plans: readonly TunnelPlan[]): string {
  const lines = plans.toReversed().flatMap((plan) => [`# ${plan.tunnel.name}`, ...inverseOperations(on(host, plan)).map(inverseLine)]);
  return `${lines.join('\n')}\n`;
}

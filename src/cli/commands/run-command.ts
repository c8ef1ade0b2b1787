import { randomBytes, randomUUID } from 'node:crypto';
import { hostname, userInfo } from 'node:os';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LockUpdate } from '../../domain/allotment.ts';
import type { DesiredState, Tunnel } from '../../domain/tunnel.ts';
import type { Groups } from '../../inventory/ansible/groups.ts';
import { selectTunnels } from '../../inventory/patterns.ts';
import { readInventory } from '../../inventory/read-inventory.ts';
import type { Command } from '../../run/events.ts';
import { run } from '../../run/run.ts';
import type { RunRequest, World } from '../../run/world.ts';
import { chooseOutput } from '../../ui/choose-output.ts';
import { openView } from '../../ui/open-view.ts';
import type { View } from '../../ui/view.ts';
import { askOnTerminal, hasTerminal } from '../ask.ts';
import { outerAddresses, withFlags } from '../connection-flags.ts';
import { INPUT_WRONG } from '../exit-codes.ts';
import type { RunFlags } from '../flags.ts';
import { type Interrupts, listenForInterrupts } from '../interrupts.ts';
import { loadInventoryFiles } from '../inventory-files.ts';
import { secretReader } from '../inventory-secrets.ts';
import { expandLimit } from '../limit-file.ts';
import { loadLocks, writeLocks } from '../lock-files.ts';
import { openTransport } from '../open-transport.ts';
import { renderDiagnostics } from '../render-diagnostics.ts';

/** Does one of up, down, plan, verify, doctor and rekey, and returns its exit status. */
export async function runCommand(command: Command, inventories: readonly string[], flags: RunFlags): Promise<number> {
  const selection = await readSelection([...inventories, ...(flags.inventory ?? [])], flags);
  const selected = command === 'rekey' ? withKeys(selection) : selection;
  if (selected === undefined) return INPUT_WRONG;
  if (writesLocks(command, flags) && !(await areLocksWritten(selected))) return INPUT_WRONG;
  const request = { ...(await requestOf(command, selected, flags)), inventories: [...inventories, ...(flags.inventory ?? [])], isExplained: true };
  if (command === 'down' && !(await isRemovalWanted(request, flags))) return 0;
  return inView(flags, (telling) => inWorld(telling, flags, async (world) => (await run(request, world)).exitCode));
}

/** A run that is told, and can be interrupted. */
export interface ToldRun {
  readonly view: View;
  readonly interrupts: Interrupts;
}

/** Opens the way a run is told, and closes it whatever happens. */
export async function inView(flags: RunFlags, work: (telling: ToldRun) => Promise<number>): Promise<number> {
  let view: View | undefined;
  const interrupts = listenForInterrupts(() => void view?.close());
  try {
    view = await openView({
      ...chosenOutput(flags),
      verbosity: clampVerbosity(flags.verbose),
      showDiff: flags.diff === true,
      ...streams(),
      onInterrupt: interrupts.interrupt,
    });
    return await work({ view, interrupts });
  } finally {
    await view?.close();
    interrupts.stop();
  }
}

/** Before the first host is changed: what a tunnel was given must not be known to its hosts alone. */
function writesLocks(command: Command, { check }: RunFlags): boolean {
  return command === 'up' && check !== true;
}

export async function areLocksWritten({ lockUpdates }: Selection): Promise<boolean> {
  const obstacle = await writeLocks(lockUpdates);
  if (obstacle !== undefined) process.stderr.write(`error: ${obstacle}\n`);
  return obstacle === undefined;
}

/** Whoever sits at a terminal is asked once; a pipeline has said what it wants. */
async function isRemovalWanted({ tunnels, isCheck }: RunRequest, { yes }: RunFlags): Promise<boolean> {
  if (yes === true || isCheck || tunnels.length === 0 || !hasTerminal()) return true;
  const names = tunnels.length > 5 ? `${tunnels.length} tunnels` : tunnels.map(({ name }) => name).join(', ');
  const answer = await askOnTerminal(`Remove ${names} from both ends? [y/N] `);
  if (/^y(es)?$/i.test(answer?.trim() ?? '')) return true;
  process.stderr.write('Nothing was changed.\n');
  return false;
}

/** Everything a run touches, until it is over. */
export async function inWorld({ view, interrupts }: ToldRun, flags: RunFlags, work: (world: World) => Promise<number>): Promise<number> {
  const transport = openTransport(view, flags);
  try {
    return await work({
      transport,
      report: (event) => view.emit({ ...event, at: Date.now() }),
      now: Date.now,
      sleep: (milliseconds) => sleep(milliseconds),
      jitter: Math.random,
      randomBytes: (count) => randomBytes(count),
      interrupt: interrupts.signal,
    });
  } finally {
    await transport.close();
  }
}

export interface Selection {
  readonly desired: DesiredState;
  readonly tunnels: readonly Tunnel[];
  readonly groups: Groups;
  readonly lockUpdates: readonly LockUpdate[];
}

/** Reads and judges the inventory; problems go to stderr, and with an error nothing is selected. */
export async function readSelection(inventories: readonly string[], flags: RunFlags): Promise<Selection | undefined> {
  if (inventories.length === 0) {
    process.stderr.write('error: no inventory was named. Give a file or folder, such as: tunorch plan inventory.yaml\n');
    return undefined;
  }
  const { files, diagnostics: unreadable } = await loadInventoryFiles(inventories, () => text(process.stdin));
  const reading = readInventory(files, { readSecret: secretReader(process.env), ...(await loadLocks(files, flags.lockFile)) });
  const { tags } = flags;
  const { limit, diagnostics: unlimited } = await expandLimit(flags.limit ?? '');
  const chosen = { limit, ...(tags === undefined ? {} : { tags: tags.split(',') }) };
  const selection = reading.desired === undefined ? undefined : selectTunnels(reading.desired, reading.groups, chosen);
  const diagnostics = [...unreadable, ...unlimited, ...reading.diagnostics, ...(selection?.diagnostics ?? [])];
  if (diagnostics.length > 0) process.stderr.write(renderDiagnostics(diagnostics, { colour: chosenOutput(flags).colour }));
  if (reading.desired === undefined || selection === undefined || diagnostics.some(({ severity }) => severity === 'error')) return undefined;
  return { desired: reading.desired, groups: reading.groups, tunnels: selection.tunnels, lockUpdates: reading.lockUpdates };
}

/** Only what has keys can have new ones. */
function withKeys(selection: Selection | undefined): Selection | undefined {
  const tunnels = selection?.tunnels.filter(({ ipsec, state }) => ipsec === true && state === 'present') ?? [];
  if (selection === undefined || tunnels.length > 0) return selection && { ...selection, tunnels };
  process.stderr.write('error: none of these tunnels has keys. Set `ipsec: true` on a tunnel and run `tunorch up` first.\n');
  return undefined;
}

export async function requestOf(command: Command, { desired, tunnels, lockUpdates }: Selection, flags: RunFlags): Promise<RunRequest> {
  const hosts = await withFlags(desired.hosts, flags);
  return {
    command,
    isCheck: command === 'plan' || flags.check === true,
    hosts,
    tunnels,
    forks: flags.forks,
    ...(flags.deadline === undefined ? {} : { deadlineSeconds: flags.deadline }),
    onFailure: flags.rollback === false ? 'leave' : 'roll-back',
    foreignDevices: flags.adopt === true ? 'adopt' : 'refuse',
    strays: flags.prune === true ? 'remove' : 'tell',
    declared: new Set(desired.tunnels.map(({ name }) => name)),
    locks: { updates: command === 'up' || command === 'plan' ? lockUpdates : [], isWritten: writesLocks(command, flags) },
    lockWaitSeconds: flags.lockWait ?? 0,
    runId: randomUUID(),
    owner: `tunorch ${command} by ${userInfo().username} on ${hostname()}, pid ${process.pid}`,
    version: process.env.TUNORCH_VERSION ?? '0.0.0',
    hasDetailedExitCode: flags.detailedExitcode === true,
    addresses: await outerAddresses(tunnels, hosts),
  };
}

export function chosenOutput(flags: RunFlags) {
  return chooseOutput({
    ...terminals(),
    env: process.env,
    ...(flags.output === undefined ? {} : { requested: flags.output }),
    noColor: !flags.color,
  });
}

function terminals() {
  return { stdoutIsTty: process.stdout.isTTY === true, stderrIsTty: process.stderr.isTTY === true };
}

function streams() {
  return { stdout: process.stdout, stderr: process.stderr, stdin: process.stdin };
}

function clampVerbosity(verbose: number): 0 | 1 | 2 {
  return verbose >= 2 ? 2 : verbose === 1 ? 1 : 0;
}

import { randomBytes, randomUUID } from 'node:crypto';
import { hostname, userInfo } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from '../../run/events.ts';
import { run } from '../../run/run.ts';
import type { RunRequest, World } from '../../run/world.ts';
import { isAnnotated, withAnnotations } from '../../ui/annotations.ts';
import { chooseOutput } from '../../ui/choose-output.ts';
import { openView } from '../../ui/open-view.ts';
import type { View } from '../../ui/view.ts';
import { askOnTerminal, hasTerminal } from '../ask.ts';
import { withFlags } from '../connection-flags.ts';
import { INPUT_WRONG } from '../exit-codes.ts';
import type { RunFlags } from '../flags.ts';
import { type Interrupts, listenForInterrupts } from '../interrupts.ts';
import { writeLocks } from '../lock-files.ts';
import { openTransport, sshEnvironment } from '../open-transport.ts';
import { outerAddresses } from '../outer-addresses.ts';
import { type PlannedTunnel, planListener, readPlan, type SavedPlan, writePlan } from '../plan-file.ts';
import { plannedOnly, readSelection, type Selection } from '../select-tunnels.ts';

const VERSION = process.env.TUNORCH_VERSION ?? '0.0.0';

/** Does one of up, down, plan, verify, doctor and rekey, and returns its exit status. */
export async function runCommand(command: Command, inventories: readonly string[], flags: RunFlags): Promise<number> {
  const plan = flags.plan === undefined ? undefined : await readPlan(flags.plan);
  if (plan !== undefined && 'refused' in plan) return refuse(plan.refused);
  const selection = await selectionOf([...inventories, ...(flags.inventory ?? [])], flags, plan);
  const selected = command === 'rekey' ? withKeys(selection) : selection;
  if (selected === undefined) return INPUT_WRONG;
  if (writesLocks(command, flags) && !(await areLocksWritten(selected))) return INPUT_WRONG;
  const request = {
    ...(await requestOf(command, selected, { flags, plan })),
    inventories: [...inventories, ...(flags.inventory ?? [])],
    isExplained: true,
  };
  if (command === 'down' && !(await isRemovalWanted(request, flags))) return 0;
  const planned = planListener();
  const exitCode = await inView(flags, ({ view, interrupts }) => {
    const heard: View = {
      ...view,
      emit: (event) => {
        planned.hear(event);
        view.emit(event);
      },
    };
    return inWorld({ view: heard, interrupts }, flags, async (world) => (await run(request, world)).exitCode);
  });
  return flags.out === undefined ? exitCode : savePlan(flags.out, { flags, tunnels: planned.tunnels, exitCode });
}

async function selectionOf(inventories: readonly string[], flags: RunFlags, plan: SavedPlan | undefined): Promise<Selection | undefined> {
  const selected = await readSelection(inventories, flags, { colour: chosenOutput(flags).colour });
  return plan === undefined || selected === undefined ? selected : plannedOnly(selected, plan);
}

async function savePlan(
  path: string,
  { flags, tunnels, exitCode }: { readonly flags: RunFlags; readonly tunnels: readonly PlannedTunnel[] | undefined; readonly exitCode: number },
): Promise<number> {
  if (tunnels === undefined) {
    process.stderr.write('No plan was written, since not every tunnel could be planned.\n');
    return exitCode;
  }
  const plan = { version: VERSION, madeAt: new Date().toISOString(), adopt: flags.adopt === true, prune: flags.prune === true, tunnels };
  const failure = await writePlan(path, plan).catch((error: Error) => error);
  if (failure instanceof Error) return refuse(`the plan could not be written: ${failure.message}`);
  process.stderr.write(`The plan is in ${path}. Do it with: tunorch up --plan ${path} INVENTORY\n`);
  return exitCode;
}

function refuse(message: string): number {
  process.stderr.write(`error: ${message}\n`);
  return INPUT_WRONG;
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
    const opened = await openView({
      ...chosenOutput(flags),
      verbosity: clampVerbosity(flags.verbose),
      showDiff: flags.diff === true,
      ...streams(),
      onInterrupt: interrupts.interrupt,
    });
    view = isAnnotated(process.env) ? withAnnotations(opened, process.stderr) : opened;
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

/** Only what has keys can have new ones. */
function withKeys(selection: Selection | undefined): Selection | undefined {
  const tunnels = selection?.tunnels.filter(({ ipsec, state }) => ipsec === true && state === 'present') ?? [];
  if (selection === undefined || tunnels.length > 0) return selection && { ...selection, tunnels };
  process.stderr.write('error: none of these tunnels has keys. Set `ipsec: true` on a tunnel and run `tunorch up` first.\n');
  return undefined;
}

export async function requestOf(
  command: Command,
  { desired, tunnels, lockUpdates }: Selection,
  { flags, plan }: { readonly flags: RunFlags; readonly plan?: SavedPlan | undefined },
): Promise<RunRequest> {
  const hosts = await withFlags(desired.hosts, flags);
  return {
    command,
    isCheck: command === 'plan' || flags.check === true,
    hosts,
    tunnels,
    forks: flags.forks,
    ...(flags.deadline === undefined ? {} : { deadlineSeconds: flags.deadline }),
    onFailure: flags.rollback === false ? 'leave' : 'roll-back',
    unloadsModules: flags.unloadModules === true,
    foreignDevices: (plan ?? flags).adopt === true ? 'adopt' : 'refuse',
    strays: (plan ?? flags).prune === true ? 'remove' : 'tell',
    ...(plan === undefined ? {} : { agreed: new Map(plan.tunnels.map(({ name, digest }) => [name, digest])) }),
    declared: new Set(desired.tunnels.map(({ name }) => name)),
    locks: { updates: command === 'up' || command === 'plan' ? lockUpdates : [], isWritten: writesLocks(command, flags) },
    lockWaitSeconds: flags.lockWait ?? 0,
    runId: randomUUID(),
    owner: `tunorch ${command} by ${userInfo().username} on ${hostname()}, pid ${process.pid}`,
    version: VERSION,
    hasDetailedExitCode: flags.detailedExitcode === true,
    addresses: await outerAddresses(tunnels, hosts, sshEnvironment(flags.timeout)),
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

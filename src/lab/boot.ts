import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { READY_LINE } from './guest-files.ts';
import type { Guest } from './lab.ts';
import { LabError } from './lab-error.ts';
import { isRunning } from './lab-state.ts';
import { freePort } from './places.ts';
import { type GuestMachine, qemuArgv } from './qemu.ts';
import { forwardedPort } from './qmp.ts';
import { type Supervised, supervise } from './supervise.ts';

const QEMU_START_MS = 15_000;
const BOOT_MS = 300_000;
const POLL_MS = 25;

export interface GuestStart {
  readonly name: string;
  readonly hostKey: string;
  readonly machine: GuestMachine;
  /** Gets what QEMU itself says. */
  readonly logPath: string;
}

/** A guest that boots still; it ends with this process until it is let go. */
export interface StartedGuest extends Supervised {
  readonly guest: Guest;
}

/** Starts a guest; it runs, but boots still, when this ends. One that does not start is ended. */
export async function startGuest(start: GuestStart): Promise<StartedGuest> {
  const machine = await withPort(start.machine);
  const supervised = supervise(qemuArgv(machine), start.logPath, machine.diskPath === undefined ? 'nothing' : 'start-again');
  try {
    return { guest: await guestOnceRunning({ ...start, machine }, supervised.pid), ...supervised };
  } catch (error) {
    supervised.end();
    throw error;
  }
}

/** QEMU would choose another port at each reboot. */
async function withPort(machine: GuestMachine): Promise<GuestMachine> {
  return machine.diskPath === undefined || machine.sshPort !== 0 ? machine : { ...machine, sshPort: await freePort() };
}

async function guestOnceRunning(start: GuestStart, pid: number): Promise<Guest> {
  const { machine, name, hostKey } = start;
  const failure = (): Promise<Error | undefined> => qemuFailure(start);
  const port = await untilKnown(() => forwardedPort(machine.qmpPath).catch(() => undefined), failure);
  return { name, index: machine.index, pid, port, hostKey, consolePath: machine.consolePath, qmpPath: machine.qmpPath };
}

async function untilKnown<T>(ask: () => Promise<T | undefined>, failure: () => Promise<Error | undefined>): Promise<T> {
  const deadline = Date.now() + QEMU_START_MS;
  while (true) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    const said = await failure();
    if (said !== undefined) throw said;
    if (Date.now() > deadline) throw new LabError('QEMU does not start: it gave no control socket in 15 seconds.');
    await delay(POLL_MS);
  }
}

/** What QEMU said about why it ended; it says nothing while all is well. */
async function qemuFailure({ name, logPath }: GuestStart): Promise<Error | undefined> {
  const said = (await readFile(logPath, 'utf8').catch(() => '')).trim();
  if (!said.includes('qemu-system') || /warning:/.test(said.split('\n').at(-1) ?? '')) return undefined;
  const hint = said.includes('dgram') || said.includes('netdev') ? '\nLinks between guests need QEMU 7.2 or newer.' : '';
  return new LabError(`guest ${name}: ${said}${hint}`);
}

/** How often a guest has come up since its process was started. */
export async function bootsOf(guest: Guest): Promise<number> {
  return (await consoleText(guest)).split(READY_LINE).length - 1;
}

/**
 * Waits until the guest's sshd listens.
 *
 * @param boots - how often the guest will have come up by then; a reboot adds one
 * @throws LabError - the guest ended, or took five minutes; the message has the end of its console
 */
export async function untilReady(guest: Guest, boots = 1): Promise<void> {
  const deadline = Date.now() + BOOT_MS;
  while ((await bootsOf(guest)) < boots) {
    if (!(await isRunning(guest))) throw await bootFailure(guest, 'ended while it booted');
    if (Date.now() > deadline) throw await bootFailure(guest, 'did not boot in five minutes');
    await delay(POLL_MS);
  }
}

async function bootFailure(guest: Guest, what: string): Promise<LabError> {
  const log = await readFile(join(guest.consolePath, '..', `${guest.name}.qemu.log`), 'utf8').catch(() => '');
  const end = `${await consoleText(guest)}\n${log}`.trim().split('\n').slice(-8).join('\n  ');
  return new LabError(`guest ${guest.name} ${what}. The end of its console (${guest.consolePath}):\n  ${end}`);
}

function consoleText(guest: Guest): Promise<string> {
  return readFile(guest.consolePath, 'latin1').catch(() => '');
}

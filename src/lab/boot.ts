import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { READY_LINE } from './guest-files.ts';
import type { Guest } from './lab.ts';
import { LabError } from './lab-error.ts';
import { isRunning } from './lab-state.ts';
import { type GuestMachine, qemuArgv } from './qemu.ts';
import { forwardedPort } from './qmp.ts';
import { type Supervised, supervise } from './supervise.ts';

const QEMU_START_MS = 15_000;
const BOOT_MS = 120_000;
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
  const supervised = supervise(qemuArgv(start.machine), start.logPath);
  try {
    return { guest: await guestOnceRunning(start), ...supervised };
  } catch (error) {
    supervised.end();
    throw error;
  }
}

async function guestOnceRunning(start: GuestStart): Promise<Guest> {
  const { machine, name, hostKey } = start;
  const failure = (): Promise<Error | undefined> => qemuFailure(start);
  const pid = await untilKnown(() => readFile(machine.pidPath, 'utf8').then(wholeNumber, () => undefined), failure);
  const port = await untilKnown(() => forwardedPort(machine.qmpPath).catch(() => undefined), failure);
  return { name, index: machine.index, pid, port, hostKey, consolePath: machine.consolePath, qmpPath: machine.qmpPath };
}

/** The file is there for a moment before its text is. */
function wholeNumber(text: string): number | undefined {
  return text.endsWith('\n') ? Number(text) : undefined;
}

async function untilKnown<T>(ask: () => Promise<T | undefined>, failure: () => Promise<Error | undefined>): Promise<T> {
  const deadline = Date.now() + QEMU_START_MS;
  while (true) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    const said = await failure();
    if (said !== undefined) throw said;
    if (Date.now() > deadline) throw new LabError('QEMU does not start: it gave no process id or control socket in 15 seconds.');
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

/**
 * Waits until the guest's sshd listens.
 *
 * @throws LabError - the guest ended, or took two minutes; the message has the end of its console
 */
export async function untilReady(guest: Guest): Promise<void> {
  const deadline = Date.now() + BOOT_MS;
  while (!(await consoleText(guest)).includes(READY_LINE)) {
    if (!(await isRunning(guest))) throw await bootFailure(guest, 'ended while it booted');
    if (Date.now() > deadline) throw await bootFailure(guest, 'did not boot in two minutes');
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

import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { bootsOf, startGuest, untilReady } from './boot.ts';
import type { Guest, Lab } from './lab.ts';
import { findGuest } from './lab-inventory.ts';
import { closeSshMasters, isRunning, killGuest, saveLab } from './lab-state.ts';
import { guestMachine } from './machine.ts';
import { MANAGEMENT_DEVICE } from './qemu.ts';
import { qmp } from './qmp.ts';
import { labScript } from './ssh.ts';
import { cablesOf, type Plug } from './topology.ts';

/** Pulls one plug: the guest sees the device lose its carrier, and nothing passes in either direction. */
export async function unplug(lab: Lab, plug: Plug): Promise<void> {
  await setLink(lab, plug, 'off');
}

/** Puts a plug back. */
export async function plugIn(lab: Lab, plug: Plug): Promise<void> {
  await setLink(lab, plug, 'on');
}

/** Cuts every cable between two guests, at both ends. */
export async function cutLink(lab: Lab, one: string, other: string): Promise<void> {
  await Promise.all(plugsBetween(lab, one, other).map((plug) => unplug(lab, plug)));
}

/** Mends every cable between two guests. */
export async function restoreLink(lab: Lab, one: string, other: string): Promise<void> {
  await Promise.all(plugsBetween(lab, one, other).map((plug) => plugIn(lab, plug)));
}

/** Cuts the way SSH takes to a guest: connections stall, they are not closed. */
export async function cutManagement(lab: Lab, guest: string): Promise<void> {
  await unplug(lab, { host: guest, device: MANAGEMENT_DEVICE });
}

/** Gives SSH its way to a guest back. */
export async function restoreManagement(lab: Lab, guest: string): Promise<void> {
  await plugIn(lab, { host: guest, device: MANAGEMENT_DEVICE });
}

/** Stops a guest's processor and its clock; to others it is silent. */
export async function pauseGuest(lab: Lab, guest: string): Promise<void> {
  await qmp(findGuest(lab, guest).qmpPath, 'stop');
}

/** Lets a paused guest run on. */
export async function resumeGuest(lab: Lab, guest: string): Promise<void> {
  await qmp(findGuest(lab, guest).qmpPath, 'cont');
}

/** Takes a guest's power away. */
export async function powerOff(lab: Lab, guest: string): Promise<void> {
  await killGuest(findGuest(lab, guest));
}

/**
 * Boots a guest that was powered off, on the port it had. A `minimal` guest is empty again but for its own keys; a `systemd`
 * guest has what had reached its disk.
 *
 * @returns the lab with the guest's new process in it
 */
export async function powerOn(lab: Lab, name: string): Promise<Lab> {
  const old = findGuest(lab, name);
  if (await isRunning(old)) throw new Error(`guest ${name} of lab "${lab.name}" is running already`);
  const machine = guestMachine({ lab, guest: name, index: old.index, sshPort: old.port });
  await Promise.all([machine.consolePath, machine.qmpPath].map((path) => rm(path, { force: true })));
  const { guest, letGo } = await startGuest({ name, hostKey: old.hostKey, machine, logPath: join(lab.folder, `${name}.qemu.log`) });
  const booted = { ...lab, guests: lab.guests.map((one): Guest => (one.name === name ? guest : one)) };
  await saveLab(booted);
  await untilReady(guest);
  if (lab.lifetime === 'detached') await letGo();
  return booted;
}

/** Reboots a `systemd` guest as an administrator does, and waits until its sshd listens again on the same port. */
export async function reboot(lab: Lab, name: string): Promise<void> {
  await untilUpAgain(lab, name, () => labScript(lab, name, 'systemctl reboot'));
}

/** Takes a `systemd` guest's power away and gives it back at once: only what had reached its disk is left. Its port stays. */
export async function powerCycle(lab: Lab, name: string): Promise<void> {
  await untilUpAgain(lab, name, (guest) => qmp(guest.qmpPath, 'system_reset'));
}

/** Shared SSH connections are closed after it began, because they lead to sessions that are no more. */
async function untilUpAgain(lab: Lab, name: string, begin: (guest: Guest) => Promise<unknown>): Promise<void> {
  const guest = findGuest(lab, name);
  const boots = await bootsOf(guest);
  await begin(guest);
  await closeSshMasters(lab, guest);
  await untilReady(guest, boots + 1);
}

/** What a guest wrote to its serial console since it was started: the kernel's warnings, and its init's. */
export function consoleOf(lab: Lab, guest: string): Promise<string> {
  return readFile(findGuest(lab, guest).consolePath, 'latin1');
}

async function setLink(lab: Lab, plug: Plug, state: 'on' | 'off'): Promise<void> {
  await qmp(findGuest(lab, plug.host).qmpPath, 'set_link', { name: plug.device, up: state === 'on' });
}

function plugsBetween(lab: Lab, one: string, other: string): readonly Plug[] {
  const cables = cablesOf(lab.topology).filter((ends) => [one, other].every((name) => ends.some((plug) => plug.host === name)));
  if (cables.length === 0) throw new Error(`no link between "${one}" and "${other}" in lab "${lab.name}"`);
  return cables.flat();
}

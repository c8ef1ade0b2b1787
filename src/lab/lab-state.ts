import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { runCommand } from './command.ts';
import type { Guest, Lab } from './lab.ts';
import { LabError } from './lab-error.ts';
import { stateFolder } from './places.ts';
import { masterPrefix } from './ssh.ts';

const STATE_FILE = 'lab.json';
const END_MS = 5000;

export interface LabStatus {
  readonly lab: Lab;
  /** Names of the guests that run. */
  readonly running: readonly string[];
}

/** Writes down where a lab's parts are, in one step. */
export async function saveLab(lab: Lab): Promise<void> {
  const path = join(lab.folder, STATE_FILE);
  await writeFile(`${path}.new`, JSON.stringify(lab, null, 2), { mode: 0o600 });
  await rename(`${path}.new`, path);
}

/** The lab of that name as it was last saved, running or not. */
export async function readLab(name: string, env: NodeJS.ProcessEnv = process.env): Promise<Lab | undefined> {
  try {
    return JSON.parse(await readFile(join(stateFolder(env), name, STATE_FILE), 'utf8')) as Lab;
  } catch {
    return undefined;
  }
}

/**
 * The running lab of that name.
 *
 * @throws LabError - there is none, or a guest of it has ended
 */
export async function openLab(name: string, env: NodeJS.ProcessEnv = process.env): Promise<Lab> {
  const lab = await readLab(name, env);
  if (lab === undefined || (await runningGuests(lab)).length === 0) {
    throw new LabError(`No lab "${name}" is up. Start it: tunorch lab up ${name}`);
  }
  return lab;
}

/** Every lab of this user, also those of test runs. */
export async function labStatus(env: NodeJS.ProcessEnv = process.env): Promise<readonly LabStatus[]> {
  const names = await readdir(stateFolder(env)).catch(() => []);
  const labs = await Promise.all(names.sort().map((name) => readLab(name, env)));
  return Promise.all(labs.filter((lab) => lab !== undefined).map(async (lab) => ({ lab, running: await runningGuests(lab) })));
}

async function runningGuests(lab: Lab): Promise<readonly string[]> {
  const running = await Promise.all(lab.guests.map(isRunning));
  return lab.guests.filter((_, at) => running[at]).map((guest) => guest.name);
}

/** Whether the guest's process is there; a pid that another program has since got does not count. */
export async function isRunning(guest: Guest): Promise<boolean> {
  const commandLine = await readFile(`/proc/${guest.pid}/cmdline`, 'utf8').catch(() => '');
  return commandLine.includes(guest.qmpPath);
}

/** Ends a guest at once, like a power cut. */
export async function killGuest(guest: Guest): Promise<void> {
  const deadline = Date.now() + END_MS;
  if (!(await isRunning(guest))) return;
  process.kill(-guest.pid, 'SIGKILL');
  while (await groupHoldsResources(guest.pid)) {
    if (Date.now() > deadline) throw new LabError(`guest ${guest.name}: process group ${guest.pid} does not end`);
    await delay(20);
  }
}

/** A process loses its command line before its sockets; only as a zombie it has lost both (proc(5): state, ppid, pgrp). */
async function groupHoldsResources(group: number): Promise<boolean> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const stats = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')));
  return stats.some((stat) => {
    const [, state, groupOf] = /\) (\S) \d+ (\d+) /.exec(stat) ?? [];
    return Number(groupOf) === group && state !== 'Z' && state !== 'X';
  });
}

/** Ends a lab's guests and removes its files; false when there was no such lab. */
export async function labDown(name: string, env: NodeJS.ProcessEnv = process.env): Promise<boolean> {
  const lab = await readLab(name, env);
  if (lab === undefined) return false;
  await endLab(lab);
  return true;
}

/** Ends this lab, whatever state it is in. */
export async function endLab(lab: Lab): Promise<void> {
  await Promise.all(lab.guests.map((guest) => closeSshMasters(lab, guest)));
  await Promise.all(lab.guests.map(killGuest));
  await rm(lab.socketFolder, { recursive: true, force: true });
  await rm(lab.folder, { recursive: true, force: true });
}

/** Forgets the labs of runs that were killed: their guests ended with them, only files are left. */
export async function forgetDeadLabs(env: NodeJS.ProcessEnv = process.env): Promise<void> {
  const dead = (await labStatus(env)).filter(({ lab, running }) => lab.lifetime === 'bound' && running.length === 0 && lab.guests.length > 0);
  await Promise.all(dead.map(({ lab }) => endLab(lab)));
}

/** Ends the connections to a guest that commands of this user share; the next command makes its own. */
export async function closeSshMasters(lab: Lab, guest: Guest): Promise<void> {
  const names = await readdir(lab.socketFolder).catch(() => []);
  const sockets = names.filter((name) => name.startsWith(masterPrefix(guest)));
  await Promise.all(
    sockets.map((name) => runCommand(['ssh', '-F', 'none', '-o', `ControlPath=${join(lab.socketFolder, name)}`, '-O', 'exit', 'lab'])),
  );
}

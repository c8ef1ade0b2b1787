import { randomBytes } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chooseAccelerator } from './accelerator.ts';
import { type StartedGuest, startGuest, untilReady } from './boot.ts';
import { runCommand } from './command.ts';
import { guestSettingsText } from './guest-settings.ts';
import { ensureImage, findImage, type LabImage } from './image.ts';
import type { ImageKind } from './image-kind.ts';
import { type KeyPair, knownHostsText, makeKeyPair } from './keys.ts';
import type { Lab } from './lab.ts';
import { LabError } from './lab-error.ts';
import { inventoryText } from './lab-inventory.ts';
import { endLab, forgetDeadLabs, isRunning, readLab, saveLab } from './lab-state.ts';
import { withLock } from './lock.ts';
import { guestMachine } from './machine.ts';
import { makeSocketFolder, stateFolder } from './places.ts';
import type { GuestMachine } from './qemu.ts';
import { ensurePrograms, neededPrograms, type OnProgress } from './requirements.ts';
import type { Lifetime } from './supervise.ts';
import { guestsOf, imageOf, type Topology } from './topology.ts';

export interface LabUpOptions {
  /** `bound` unless said otherwise: the guests end with this process. */
  readonly lifetime?: Lifetime;
  /** The topology's name for detached labs, else a name of its own. */
  readonly name?: string;
  readonly onProgress?: OnProgress;
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * Boots the guests of a topology and gives the lab once every sshd listens.
 *
 * A detached lab that is up already is given as it is. The first time ever, the image is built. When it fails or this
 * process is ended before, no guest is left running.
 *
 * @throws LabError - what is missing, or which guest did not boot and its last words
 */
export async function labUp(topology: Topology, options: LabUpOptions = {}): Promise<Lab> {
  const { env = process.env, onProgress = () => undefined, lifetime = 'bound' } = options;
  const name = options.name ?? (lifetime === 'detached' ? topology.name : `${topology.name}-${process.pid}-${randomBytes(3).toString('hex')}`);
  const images = await ensureImages(topology, env, onProgress);
  const onWait = (): void => onProgress(`Another run starts the lab "${name}": waiting for it`);
  return withLock(`up-${name}`, onWait, async () => {
    const there = await alreadyUp(name, env);
    if (there !== undefined) return there;
    await forgetDeadLabs(env);
    return bootLab({ topology, name, lifetime, env, images, onProgress });
  });
}

/** Builds what is not cached, and asks for what building needs only then. */
async function ensureImages(topology: Topology, env: NodeJS.ProcessEnv, onProgress: OnProgress): Promise<readonly LabImage[]> {
  const kinds: readonly ImageKind[] = [...new Set(guestsOf(topology).map(imageOf))];
  const cached = await Promise.all(kinds.map((kind) => findImage(kind, env)));
  const imageCached = cached.every((image) => image !== undefined);
  await ensurePrograms(neededPrograms({ imageCached, isRoot: process.getuid?.() === 0 }), onProgress);
  const images: LabImage[] = [];
  for (const kind of kinds) images.push(await ensureImage(kind, env, onProgress));
  return images;
}

/** A lab of which any guest has ended is of no use, and is ended whole. */
async function alreadyUp(name: string, env: NodeJS.ProcessEnv): Promise<Lab | undefined> {
  const lab = await readLab(name, env);
  if (lab === undefined) return undefined;
  const running = await Promise.all(lab.guests.map(isRunning));
  if (lab.guests.length > 0 && running.every(Boolean)) return lab;
  await endLab(lab);
  return undefined;
}

interface BootSpec {
  readonly topology: Topology;
  readonly name: string;
  readonly lifetime: Lifetime;
  readonly env: NodeJS.ProcessEnv;
  readonly images: readonly LabImage[];
  readonly onProgress: OnProgress;
}

async function bootLab(spec: BootSpec): Promise<Lab> {
  const { onProgress } = spec;
  const empty = await emptyLab(spec);
  let lab = empty;
  const started: StartedGuest[] = [];
  try {
    const userKey = await makeKeyPair(lab.folder, 'id_ed25519');
    const hosts = guestsOf(spec.topology);
    onProgress(`Booting ${hosts.map((host) => host.name).join(', ')} (${lab.accelerator === 'kvm' ? 'kvm' : 'emulated'})`);
    for (const [index, host] of hosts.entries()) {
      const one = await prepareAndStart({ lab, userKey, index, guest: host.name });
      started.push(one);
      lab = { ...lab, guests: [...lab.guests, one.guest] };
      await saveLab(lab);
    }
    await writeConnectionFiles(lab);
    await Promise.all(lab.guests.map((guest) => untilReady(guest).then(() => onProgress(`${guest.name} is up, ssh port ${guest.port}`))));
    if (spec.lifetime === 'detached') await Promise.all(started.map(({ letGo }) => letGo()));
    return lab;
  } catch (error) {
    await endLab(lab);
    throw error;
  }
}

async function emptyLab({ topology, name, lifetime, env, images }: BootSpec): Promise<Lab> {
  const accelerator = await chooseAccelerator(env, images);
  const folder = join(stateFolder(env), name);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return {
    name,
    topology,
    lifetime,
    accelerator,
    images,
    folder,
    socketFolder: await makeSocketFolder(env),
    inventoryPath: join(folder, 'inventory.yaml'),
    knownHostsPath: join(folder, 'known_hosts'),
    hashedKnownHostsPath: join(folder, 'known_hosts.hashed'),
    keyPath: join(folder, 'id_ed25519'),
    guests: [],
  };
}

interface OneGuest {
  readonly lab: Lab;
  readonly userKey: KeyPair;
  readonly index: number;
  readonly guest: string;
}

async function prepareAndStart({ lab, userKey, index, guest }: OneGuest): Promise<StartedGuest> {
  const hostKey = await makeKeyPair(lab.folder, `${guest}.host-key`);
  const machine = guestMachine({ lab, guest, index, sshPort: 0 });
  const settings = guestSettingsText({ topology: lab.topology, guest, index, hostKey, userKey });
  await writeFile(machine.settingsPath, settings, { mode: 0o600 });
  await copyDisk(machine);
  return startGuest({ name: guest, hostKey: hostKey.publicKey, machine, logPath: join(lab.folder, `${guest}.qemu.log`) });
}

/** Holes stay holes, and a file system that can shares the blocks: a disk is mostly what every guest has. */
async function copyDisk({ image, diskPath }: GuestMachine): Promise<void> {
  if (image.disk === undefined || diskPath === undefined) return;
  const copied = await runCommand(['cp', '--sparse=always', '--reflink=auto', image.disk, diskPath]);
  if (copied.status !== 0) throw new LabError(`No disk for a guest: ${copied.stderr.trim()}`);
}

async function writeConnectionFiles(lab: Lab): Promise<void> {
  const knownHosts = knownHostsText(lab.guests.map(({ port, hostKey }) => ({ port, publicKey: hostKey })));
  await writeFile(lab.knownHostsPath, knownHosts);
  await writeFile(lab.hashedKnownHostsPath, knownHosts);
  await runCommand(['ssh-keygen', '-q', '-H', '-f', lab.hashedKnownHostsPath]);
  await rm(`${lab.hashedKnownHostsPath}.old`, { force: true });
  await writeFile(lab.inventoryPath, inventoryText({ lab, topology: lab.topology }));
}

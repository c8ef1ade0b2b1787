import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { runCommand } from './command.ts';
import { LabError } from './lab-error.ts';

/** Called with one line for people, whenever something long begins or goes on. */
export type OnProgress = (line: string) => void;

/** The Debian package that has each program the lab runs. */
const PACKAGE_OF = {
  'qemu-system-x86_64': 'qemu-system-x86',
  mmdebstrap: 'mmdebstrap',
  ssh: 'openssh-client',
  'ssh-keygen': 'openssh-client',
  newuidmap: 'uidmap',
} as const;

export type LabProgram = keyof typeof PACKAGE_OF;

const BOOT_PROGRAMS: readonly LabProgram[] = ['qemu-system-x86_64', 'ssh', 'ssh-keygen'];

/** What a lab runs, all in one list so that one line installs it; without root, user namespaces build the image. */
export function neededPrograms({ imageCached, isRoot }: { readonly imageCached: boolean; readonly isRoot: boolean }): readonly LabProgram[] {
  if (imageCached) return BOOT_PROGRAMS;
  return [...BOOT_PROGRAMS, 'mmdebstrap', ...(isRoot ? [] : (['newuidmap'] as const))];
}

/** The packages of the programs that are not there. */
export function missingPackages(programs: readonly LabProgram[], has: (program: string) => boolean): readonly string[] {
  return [...new Set(programs.filter((program) => !has(program)).map((program) => PACKAGE_OF[program]))];
}

/** Whether a program is on PATH or in a system folder that a plain user's PATH may lack. */
export function isInstalled(program: string, env: NodeJS.ProcessEnv = process.env): boolean {
  const folders = [...(env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/bin', '/sbin', '/bin'];
  return folders.some((folder) => isExecutable(join(folder, program)));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Sees to it that the programs are there: installs them with apt when root, never asking.
 *
 * @throws LabError - not root, or apt failed; the message has the one line to run
 */
export async function ensurePrograms(programs: readonly LabProgram[], onProgress: OnProgress): Promise<void> {
  const packages = missingPackages(programs, isInstalled);
  if (packages.length === 0) return;
  const line = `apt-get update && apt-get install -y --no-install-recommends ${packages.join(' ')}`;
  if (!isInstalled('apt-get')) throw new LabError(`The lab needs programs that are not installed: install the packages ${packages.join(', ')}.`);
  if (process.getuid?.() !== 0) throw new LabError(`The lab needs programs that are not installed. Run: sudo sh -c '${line}'`);
  onProgress(`Installing ${packages.join(', ')} with apt`);
  await aptGet(['update'], onProgress);
  const installed = await aptGet(['install', '-y', '--no-install-recommends', ...packages], onProgress);
  const still = missingPackages(programs, isInstalled);
  if (installed.status !== 0 || still.length > 0) {
    throw new LabError(`apt could not install ${packages.join(', ')}: ${lastLine(installed.stderr)}\nRun it yourself: ${line}`);
  }
}

async function aptGet(words: readonly string[], onProgress: OnProgress): Promise<{ status: number; stderr: string }> {
  onProgress(`apt-get ${words.join(' ')}`);
  const argv = ['apt-get', '-q', '-o', 'DPkg::Lock::Timeout=300', '-o', 'Dpkg::Use-Pty=0', ...words];
  return runCommand(argv, { env: { DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' } });
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}

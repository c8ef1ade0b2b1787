import { accessSync, constants } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from './command.ts';
import type { LabImage } from './image.ts';
import { LabError } from './lab-error.ts';
import { cacheFolder } from './places.ts';
import type { Accelerator } from './qemu.ts';

const PROBE_MS = 2000;

/**
 * How guests run: by the processor where /dev/kvm truly works, else emulated.
 *
 * `TUNORCH_LAB_ACCEL` decides when it is set. A /dev/kvm that is there proves nothing: it may refuse or hang a guest, so a
 * kernel gets two seconds to say its first word, once a boot of this machine.
 */
export async function chooseAccelerator(env: NodeJS.ProcessEnv, images: readonly LabImage[]): Promise<Accelerator> {
  const wanted = env.TUNORCH_LAB_ACCEL;
  if (wanted === 'tcg' || wanted === 'kvm') return wanted;
  if (wanted) throw new LabError(`TUNORCH_LAB_ACCEL=${wanted}: it can be tcg or kvm.`);
  if (!canOpenKvm()) return 'tcg';
  const bootId = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
  const cachePath = join(cacheFolder(env), 'accelerator');
  const cached = await readFile(cachePath, 'utf8').catch(() => '');
  if (cached === `${bootId} kvm`) return 'kvm';
  if (cached === `${bootId} tcg`) return 'tcg';
  const [image] = images;
  if (image === undefined) return 'tcg';
  const found = await probeKvm(image, `${cachePath}.${process.pid}`);
  await writeFile(cachePath, `${bootId} ${found}`);
  return found;
}

function canOpenKvm(): boolean {
  try {
    accessSync('/dev/kvm', constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

async function probeKvm(image: LabImage, consolePath: string): Promise<Accelerator> {
  const machine = [
    '-accel',
    'kvm',
    '-cpu',
    'host',
    '-machine',
    'q35',
    '-m',
    '256',
    '-nodefaults',
    '-no-user-config',
    '-display',
    'none',
    '-no-reboot',
  ];
  const kernel = ['-kernel', image.kernel, '-append', 'console=ttyS0 earlyprintk=ttyS0 panic=-1', '-serial', `file:${consolePath}`];
  await runCommand(['qemu-system-x86_64', ...machine, ...kernel], { timeoutMs: PROBE_MS });
  const said = await readFile(consolePath, 'utf8').catch(() => '');
  await rm(consolePath, { force: true });
  return said.includes('Run /init') || said.includes('VFS:') ? 'kvm' : 'tcg';
}

import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from './command.ts';
import type { ImageKind } from './image-kind.ts';
import { LEFT_OUT } from './image-parts.ts';
import { type ImageRecipe, imageRecipe, recipeHash } from './image-recipe.ts';
import { LabError } from './lab-error.ts';
import { withLock } from './lock.ts';
import { cacheFolder } from './places.ts';
import type { OnProgress } from './requirements.ts';

/** What guests of one kind boot from; nothing ever writes to it. */
export interface LabImage {
  readonly kind: ImageKind;
  readonly folder: string;
  readonly kernel: string;
  readonly initrd: string;
  /** The root of a `systemd` guest, of which each guest gets a copy. */
  readonly disk?: string;
  readonly kernelVersion: string;
}

const BUILT_FILES: Readonly<Record<ImageKind, readonly string[]>> = {
  minimal: ['lab-initrd', 'lab-kernel', 'lab-kernel-version', 'lab-packages'],
  systemd: ['lab-initrd', 'lab-kernel', 'lab-kernel-version', 'lab-packages', 'lab-disk'],
};

const BUILD_TIME: Readonly<Record<ImageKind, string>> = { minimal: 'a minute', systemd: 'two minutes' };

/**
 * The image from the cache, built first when it is not there.
 *
 * It is built beside its place and renamed, so a build that is cut off leaves no half image; two runs do not build at once.
 *
 * @throws LabError - the packages could not be had; says what mmdebstrap said
 */
export async function ensureImage(kind: ImageKind, env: NodeJS.ProcessEnv, onProgress: OnProgress): Promise<LabImage> {
  const found = await findImage(kind, env);
  if (found !== undefined) return found;
  const recipe = imageRecipe(kind, env);
  const folder = imageFolder(recipe, env);
  const onWait = (): void => onProgress('Another run builds the lab image: waiting for it');
  return withLock('image', onWait, async () => (await readImage(kind, folder)) ?? build({ kind, recipe, folder, onProgress }));
}

/** The image from the cache, if it is there. */
export function findImage(kind: ImageKind, env: NodeJS.ProcessEnv): Promise<LabImage | undefined> {
  return readImage(kind, imageFolder(imageRecipe(kind, env), env));
}

function imageFolder(recipe: ImageRecipe, env: NodeJS.ProcessEnv): string {
  return join(cacheFolder(env), recipeHash(recipe));
}

async function readImage(kind: ImageKind, folder: string): Promise<LabImage | undefined> {
  try {
    const kernelVersion = await readFile(join(folder, 'lab-kernel-version'), 'utf8');
    const disk = kind === 'systemd' ? { disk: join(folder, 'lab-disk') } : {};
    return { kind, folder, kernel: join(folder, 'lab-kernel'), initrd: join(folder, 'lab-initrd'), ...disk, kernelVersion };
  } catch {
    return undefined;
  }
}

interface Build {
  readonly kind: ImageKind;
  readonly recipe: ImageRecipe;
  readonly folder: string;
  readonly onProgress: OnProgress;
}

async function build({ kind, recipe, folder, onProgress }: Build): Promise<LabImage> {
  const cache = join(folder, '..');
  await mkdir(cache, { recursive: true });
  await removeUnfinished(cache);
  const unfinished = `${folder}.unfinished-${process.pid}`;
  await mkdir(unfinished);
  onProgress(`Building the ${kind} lab image (Debian ${recipe.suite}, ${recipe.kernelPackage}) once, about ${BUILD_TIME[kind]}`);
  const log: string[] = [];
  const result = await runCommand(mmdebstrapArgv({ kind, recipe, out: unfinished }), {
    cwd: '/',
    env: { LC_ALL: 'C', TMPDIR: '/tmp' },
    onStderrLine: (line) => {
      log.push(line);
      if (line.startsWith('I: ') && !line.includes('--customize-hook')) onProgress(`image: ${line.slice(3)}`);
    },
  });
  await writeFile(join(unfinished, 'build.log'), log.join('\n'));
  if (result.status !== 0) throw await buildFailure(unfinished, log);
  await rename(unfinished, folder);
  return finishedImage(kind, folder, onProgress);
}

async function finishedImage(kind: ImageKind, folder: string, onProgress: OnProgress): Promise<LabImage> {
  const image = await readImage(kind, folder);
  if (image === undefined) throw new LabError(`The image build ended well, but ${folder} has no kernel. See ${join(folder, 'build.log')}`);
  const megabytes = Math.round((await stat(image.disk ?? image.initrd)).size / 1e6);
  onProgress(`Built the ${kind} lab image: kernel ${image.kernelVersion}, ${megabytes} MB, in ${folder}`);
  return image;
}

async function buildFailure(unfinished: string, log: readonly string[]): Promise<LabError> {
  const keptLog = `${unfinished.replace(/\.unfinished-\d+$/, '')}.failed.log`;
  await rename(join(unfinished, 'build.log'), keptLog);
  await rm(unfinished, { recursive: true, force: true });
  const reason = log.filter((line) => /^E: |error|unable|cannot/i.test(line)).slice(0, 5);
  return new LabError(`The lab image could not be built:\n  ${reason.join('\n  ')}\nThe whole log is in ${keptLog}`);
}

async function removeUnfinished(cache: string): Promise<void> {
  const names = await readdir(cache);
  await Promise.all(names.filter((name) => name.includes('.unfinished-')).map((name) => rm(join(cache, name), { recursive: true, force: true })));
}

function mmdebstrapArgv({ kind, recipe, out }: { kind: ImageKind; recipe: ImageRecipe; out: string }): readonly string[] {
  return [
    'mmdebstrap',
    '--variant=minbase',
    '--mode=auto',
    '--format=null',
    '--architectures=amd64',
    '--aptopt=Acquire::Languages "none"',
    '--aptopt=Apt::Install-Recommends "false"',
    ...LEFT_OUT.map((path) => `--dpkgopt=path-exclude=${path}`),
    `--include=${recipe.packages.join(',')}`,
    `--customize-hook=${recipe.customize}`,
    `--customize-hook=copy-out ${BUILT_FILES[kind].map((file) => `/var/tmp/${file}`).join(' ')} ${out}`,
    recipe.suite,
    '/dev/null',
    recipe.mirror,
  ];
}

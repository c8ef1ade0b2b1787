import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from './command.ts';
import { type ImageRecipe, imageRecipe, LEFT_OUT, recipeHash } from './image-recipe.ts';
import { LabError } from './lab-error.ts';
import { withLock } from './lock.ts';
import { cacheFolder } from './places.ts';
import type { OnProgress } from './requirements.ts';

/** A kernel and the initramfs every guest boots from; nothing ever writes to them. */
export interface LabImage {
  readonly folder: string;
  readonly kernel: string;
  readonly initrd: string;
  readonly kernelVersion: string;
}

const BUILT_FILES = ['lab-initrd', 'lab-kernel', 'lab-kernel-version', 'lab-packages'];

/**
 * The image from the cache, built first when it is not there.
 *
 * It is built beside its place and renamed, so a build that is cut off leaves no half image; two runs do not build at once.
 *
 * @throws LabError - the packages could not be had; says what mmdebstrap said
 */
export async function ensureImage(env: NodeJS.ProcessEnv, onProgress: OnProgress): Promise<LabImage> {
  const found = await findImage(env);
  if (found !== undefined) return found;
  const recipe = imageRecipe(env);
  const folder = imageFolder(recipe, env);
  const onWait = (): void => onProgress('Another run builds the lab image: waiting for it');
  return withLock('image', onWait, async () => (await readImage(folder)) ?? build({ recipe, folder, onProgress }));
}

/** The image from the cache, if it is there. */
export function findImage(env: NodeJS.ProcessEnv): Promise<LabImage | undefined> {
  return readImage(imageFolder(imageRecipe(env), env));
}

function imageFolder(recipe: ImageRecipe, env: NodeJS.ProcessEnv): string {
  return join(cacheFolder(env), recipeHash(recipe));
}

async function readImage(folder: string): Promise<LabImage | undefined> {
  try {
    const kernelVersion = await readFile(join(folder, 'lab-kernel-version'), 'utf8');
    return { folder, kernel: join(folder, 'lab-kernel'), initrd: join(folder, 'lab-initrd'), kernelVersion };
  } catch {
    return undefined;
  }
}

interface Build {
  readonly recipe: ImageRecipe;
  readonly folder: string;
  readonly onProgress: OnProgress;
}

async function build({ recipe, folder, onProgress }: Build): Promise<LabImage> {
  const cache = join(folder, '..');
  await mkdir(cache, { recursive: true });
  await removeUnfinished(cache);
  const unfinished = `${folder}.unfinished-${process.pid}`;
  await mkdir(unfinished);
  onProgress(`Building the lab image (Debian ${recipe.suite}, ${recipe.kernelPackage}) once, about a minute`);
  const log: string[] = [];
  const result = await runCommand(mmdebstrapArgv(recipe, unfinished), {
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
  return finishedImage(folder, onProgress);
}

async function finishedImage(folder: string, onProgress: OnProgress): Promise<LabImage> {
  const image = await readImage(folder);
  if (image === undefined) throw new LabError(`The image build ended well, but ${folder} has no kernel. See ${join(folder, 'build.log')}`);
  const megabytes = Math.round((await stat(image.initrd)).size / 1e6);
  onProgress(`Built the lab image: kernel ${image.kernelVersion}, ${megabytes} MB, in ${folder}`);
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

function mmdebstrapArgv(recipe: ImageRecipe, out: string): readonly string[] {
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
    `--customize-hook=copy-out ${BUILT_FILES.map((file) => `/var/tmp/${file}`).join(' ')} ${out}`,
    recipe.suite,
    '/dev/null',
    recipe.mirror,
  ];
}

import { createHash } from 'node:crypto';
import type { ImageKind } from './image-kind.ts';
import { minimalImage } from './image-minimal.ts';
import { LEFT_OUT } from './image-parts.ts';
import { systemdImage } from './image-systemd.ts';

/** Everything the image is made from; the cache folder is named by a hash of it. */
export interface ImageRecipe {
  readonly suite: string;
  readonly mirror: string;
  readonly kernelPackage: string;
  readonly packages: readonly string[];
  /** Runs outside the new root as (namespace) root; `$1` is the new root. Leaves what it made in the root's /var/tmp. */
  readonly customize: string;
}

/** The recipe of this version of the lab. `TUNORCH_LAB_MIRROR` names another Debian mirror. */
export function imageRecipe(kind: ImageKind, env: NodeJS.ProcessEnv): ImageRecipe {
  const kernelPackage = 'linux-image-cloud-amd64';
  return {
    suite: 'bookworm',
    mirror: env.TUNORCH_LAB_MIRROR ?? 'http://deb.debian.org/debian',
    kernelPackage,
    ...(kind === 'systemd' ? systemdImage(kernelPackage) : minimalImage(kernelPackage)),
  };
}

/** Names the cache folder of an image: the same recipe gives the same name. */
export function recipeHash(recipe: ImageRecipe): string {
  return createHash('sha256')
    .update(JSON.stringify([recipe, LEFT_OUT]))
    .digest('hex')
    .slice(0, 16);
}

import { existsSync } from 'node:fs';
import { mkdir, rm, symlink } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { bundle } from './bundle.mjs';

const validator = new URL('validator.mjs', import.meta.url);
if (existsSync(validator)) await import(validator.href);

await bundle();
await linkBin();

/** npm links the bins of packages, not of the project itself: with the link `npx tunorch` needs no look into a registry. */
async function linkBin() {
  const bin = fileURLToPath(new URL('../../node_modules/.bin/', import.meta.url));
  await mkdir(bin, { recursive: true });
  await rm(`${bin}tunorch`, { force: true });
  await symlink('../../dist/tunorch.js', `${bin}tunorch`);
}

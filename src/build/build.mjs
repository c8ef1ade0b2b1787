import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';

if (existsSync(new URL('../../node_modules/esbuild', import.meta.url))) await buildProgram();
else await writeNotice();

async function buildProgram() {
  const validator = new URL('validator.mjs', import.meta.url);
  if (existsSync(validator)) await import(validator.href);
  const { bundle } = await import('./bundle.mjs');
  try {
    await bundle();
  } catch (error) {
    // esbuild has told each error with its place already.
    if (error.errors === undefined) throw error;
    process.exitCode = 1;
  }
}

/**
 * npx runs this script too, the first time it meets the project. Were it to fail before `npm ci`,
 * npm 11 would keep half an installation in its cache and never run the program again.
 */
async function writeNotice() {
  const dist = new URL('../../dist/', import.meta.url);
  const notice = "#!/usr/bin/env node\nprocess.stderr.write('tunorch is not built yet: run `npm ci` first\\n');\nprocess.exitCode = 3;\n";
  await mkdir(dist, { recursive: true });
  await writeFile(new URL('tunorch.js', dist), notice, { mode: 0o755 });
}

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { quote } from '../../shell/quote.ts';
import { HELPER } from './askpass-helper.ts';

/** A folder of one run that nobody else may enter: sockets, ssh's own words, and the program that carries questions. */
export interface RuntimeFolder {
  readonly path: string;
  /** What SSH_ASKPASS names. */
  readonly askpass: string;
  /** A path in it that no other call was given. */
  unused(suffix: string): string;
  remove(): Promise<void>;
}

/** A socket's path holds 107 bytes (unix(7)), of which ssh takes 17 for the random name under which it makes one. */
const MAX_FOLDER_BYTES = 70;

/** mkdtemp(3) makes the folder with mode 0700 and a name that nobody can foresee, so that a shared /tmp will do. */
export async function makeRuntimeFolder(env: Readonly<Record<string, string | undefined>>): Promise<RuntimeFolder> {
  const path = await makeIn([env.XDG_RUNTIME_DIR, tmpdir(), '/tmp']);
  const [askpass, helper] = [join(path, 'askpass'), join(path, 'askpass.mjs')];
  await writeFile(helper, HELPER, { mode: 0o600 });
  await writeFile(askpass, `#!/bin/sh\nNODE_OPTIONS= exec ${quote(process.execPath)} ${quote(helper)} "$1"\n`, { mode: 0o700 });
  let count = 0;
  return { path, askpass, unused: (suffix) => join(path, `${count++}.${suffix}`), remove: () => rm(path, { recursive: true, force: true }) };
}

async function makeIn(places: readonly (string | undefined)[]): Promise<string> {
  let reason: unknown = new Error('no folder for sockets');
  for (const place of places) {
    if (place === undefined || !place.startsWith('/') || Buffer.byteLength(place) > MAX_FOLDER_BYTES - 15) continue;
    try {
      return await mkdtemp(join(place, 'tunorch-'));
    } catch (error) {
      reason = error;
    }
  }
  throw reason;
}

import { once } from 'node:events';
import { mkdir, mkdtemp } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { homedir, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

/** Where images are kept; everything in it can be made again. */
export function cacheFolder(env: NodeJS.ProcessEnv): string {
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'tunorch', 'lab');
}

/** Where running labs are described, a folder each. */
export function stateFolder(env: NodeJS.ProcessEnv): string {
  return join(env.XDG_STATE_HOME || join(homedir(), '.local', 'state'), 'tunorch', 'lab');
}

/** Makes a private folder with a short path: a unix socket's path has 107 bytes at most (unix(7)). */
export async function makeSocketFolder(env: NodeJS.ProcessEnv): Promise<string> {
  for (const parent of [env.XDG_RUNTIME_DIR, tmpdir(), '/tmp']) {
    if (!parent || parent.length > 60) continue;
    try {
      return await mkdtemp(join(parent, 'tunorch-'));
    } catch {
      // Not there or not ours: the next one will do.
    }
  }
  const own = join(homedir(), '.tunorch');
  await mkdir(own, { recursive: true, mode: 0o700 });
  return mkdtemp(join(own, 'l-'));
}

/** A TCP port of the loopback address that nobody listens on at this moment. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** A name no other user's lock has. */
export function lockName(subject: string): string {
  return `tunorch-lab-${userInfo().uid}-${subject}`;
}

import { createServer, type Server } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { lockName } from './places.ts';

const POLL_MS = 200;

/**
 * Runs `work` while no other process of this user runs work of the same subject.
 *
 * The lock is an abstract unix socket (unix(7)): the kernel frees it when its owner dies, so none is ever left behind.
 *
 * @param onWait - called once, when the lock is found taken
 */
export async function withLock<T>(subject: string, onWait: () => void, work: () => Promise<T>): Promise<T> {
  const name = `\0${lockName(subject)}`;
  let server = await tryListen(name);
  if (server === undefined) onWait();
  while (server === undefined) {
    await delay(POLL_MS);
    server = await tryListen(name);
  }
  try {
    return await work();
  } finally {
    server.close();
  }
}

function tryListen(path: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error: NodeJS.ErrnoException) => (error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error)));
    server.listen({ path }, () => resolve(server));
  });
}

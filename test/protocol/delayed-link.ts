import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const PROGRAM = join(import.meta.dirname, 'delayed-link.py');

/** One end of a link between two namespaces. */
export interface LinkEnd {
  readonly space: string;
  readonly device: string;
}

/** Why there can be no delayed link here; undefined when there can. */
export function whyNoDelay(): string | undefined {
  if (!existsSync('/dev/net/tun')) return '/dev/net/tun is not there';
  return spawnSync('python3', ['-c', '']).status === 0 ? undefined : 'python3 is not there: apt-get install python3';
}

/** Joins two namespaces by a link on which every frame takes so long, each way. */
export async function startDelayedLink(delayMs: number, [one, other]: readonly [LinkEnd, LinkEnd]): Promise<ChildProcess> {
  const words = [PROGRAM, String(delayMs), one.space, one.device, other.space, other.device];
  const child = spawn('python3', words, { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise((resolve, reject) => {
    child.stdout.once('data', resolve);
    child.once('exit', () => reject(new Error('the delayed link did not start')));
  });
  return child;
}

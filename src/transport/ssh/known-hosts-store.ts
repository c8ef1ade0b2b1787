import { mkdirSync, readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { formatKnownHost, type KnownHostLine, parseKnownHosts } from './known-hosts.ts';

/** A key that a person, or the policy accept-new, accepted. */
export interface AcceptedKey {
  readonly name: string;
  readonly keyType: string;
  readonly key: Buffer;
  readonly isHashed: boolean;
}

/** The known_hosts files of a run, each read once. Keys that are accepted meanwhile count at once for every other host. */
export class KnownHostsStore {
  readonly #files = new Map<string, readonly KnownHostLine[]>();
  #writing: Promise<void> = Promise.resolve();

  /** @throws Error - a file is there and cannot be read: a revoked key in it would go unseen */
  linesOf(paths: readonly string[]): readonly KnownHostLine[] {
    return paths.flatMap((path) => this.#read(path));
  }

  /**
   * Adds a line to the end of a file, in one write after the one before; the folder is made with mode 0700, the file with 0600.
   *
   * Keys for `/dev/null` are remembered for the run only.
   */
  add(path: string, accepted: AcceptedKey): Promise<void> {
    const text = formatKnownHost(accepted.name, accepted.keyType, accepted);
    const earlier = this.#read(path);
    const line = (earlier.at(-1)?.line ?? 0) + 1;
    this.#files.set(path, [...earlier, ...parseKnownHosts(text, path).map((entry) => ({ ...entry, line }))]);
    if (path === '/dev/null') return Promise.resolve();
    const written = this.#writing.then(() => appendLine(path, text));
    this.#writing = written.catch(() => undefined);
    return written;
  }

  #read(path: string): readonly KnownHostLine[] {
    const known = this.#files.get(path);
    if (known !== undefined) return known;
    const lines = parseKnownHosts(readIfThere(path), path);
    this.#files.set(path, lines);
    return lines;
  }
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return '';
    throw error;
  }
}

/** A single write in append mode is whole, whoever else appends (open(2), O_APPEND). */
async function appendLine(path: string, text: string): Promise<void> {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const file = await open(path, 'a+', 0o600);
  try {
    const { size } = await file.stat();
    const last = size === 0 ? '\n' : (await file.read({ buffer: Buffer.alloc(1), position: size - 1 })).buffer.toString('latin1');
    await file.appendFile(`${last === '\n' ? '' : '\n'}${text}\n`);
  } finally {
    await file.close();
  }
}

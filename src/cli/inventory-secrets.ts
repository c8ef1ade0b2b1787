import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, resolve } from 'node:path';
import type { ReadingOptions } from '../inventory/reading.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads `!env NAME` and `!file PATH`; one line end at the end of a file is not part of the secret. */
export function secretReader(environment: Environment): NonNullable<ReadingOptions['readSecret']> {
  return ({ from, name, inventory }) =>
    from === 'env' ? environment[name] : textOf(resolve(dirname(inventory), name.replace(/^~(?=\/)/, homedir())));
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
  } catch {
    return undefined;
  }
}

import { readFile } from 'node:fs/promises';
import type { Diagnostic } from '../domain/diagnostic.ts';
import { problem } from '../inventory/problem.ts';
import { reasonOf } from './inventory-files.ts';

/** `@FILE` as one piece of a pattern; its path is relative to the folder tunorch was started in. */
const FILE = /(?<=^|[,:])\s*@([^,:]+)/g;

export interface Limit {
  readonly limit: string;
  /** Files that cannot be read, or that name nothing: an empty pattern would stand for all tunnels. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Puts the lines of each `@FILE` of a `--limit` in its place, a pattern a line, as Ansible does with its retry files. */
export async function expandLimit(limit: string): Promise<Limit> {
  const diagnostics: Diagnostic[] = [];
  const patterns = new Map<string, string>();
  for (const [, path = ''] of limit.matchAll(FILE)) {
    const lines = await readFile(path.trim(), 'utf8').catch((cause: unknown) => {
      const message = `--limit: ${path.trim()} cannot be read: ${reasonOf(cause)}`;
      diagnostics.push(problem({ code: 'inventory.no-such-file', message, hint: 'Check its name and its rights.' }));
    });
    const pattern = joined(lines ?? '');
    if (lines !== undefined && pattern === '') {
      const hint = 'Leave --limit out if all tunnels are meant.';
      diagnostics.push(problem({ code: 'inventory.unmatched-pattern', message: `--limit: ${path.trim()} names nothing`, hint }));
    }
    patterns.set(path, pattern);
  }
  return { limit: limit.replace(FILE, (_piece, path: string) => patterns.get(path) ?? ''), diagnostics };
}

function joined(lines: string): string {
  const patterns = lines.split('\n').map((line) => line.trim());
  return patterns.filter((line) => line !== '').join(',');
}

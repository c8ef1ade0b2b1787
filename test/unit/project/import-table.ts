import { readFileSync } from 'node:fs';

/** A row of "Who may import what" in src/README.md. */
export interface ImportRule {
  readonly folder: string;
  /** Folders, and single files such as `run/events.ts`. */
  readonly sources: readonly string[];
  readonly packages: readonly string[];
  /** Modules of Node without `node:`. */
  readonly nodeModules: readonly string[] | 'any';
}

export function readImportTable(): readonly ImportRule[] {
  const text = readFileSync('src/README.md', 'utf8').split('## Who may import what')[1]?.split('\n## ')[0] ?? '';
  const rows = text.split('\n').filter((line) => line.startsWith('| `'));
  return rows.map((row) => {
    const [folder, , sources, packages, nodeModules] = row.split('|').slice(1, -1);
    return {
      folder: wordsIn(folder)[0] ?? '',
      sources: wordsIn(sources),
      packages: wordsIn(packages),
      nodeModules: nodeModules?.trim() === 'any' ? 'any' : wordsIn(nodeModules),
    };
  });
}

/** Folders that hold decisions only: they may not even see a clock. */
export const PURE_FOLDERS = [
  'domain',
  'shell',
  'modes',
  'errors',
  'inventory',
  'facts',
  'plan',
  'script',
  'verify',
  'decode',
  'capture',
  'diagnose',
  'persist',
  'watch',
];

/** The folder or file of src that a rule is about, and those inside it. */
export function isInside(path: string, place: string): boolean {
  return path === place || path.startsWith(`${place}/`);
}

function wordsIn(cell = ''): readonly string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].flatMap(([, word]) => (word === undefined ? [] : [word]));
}

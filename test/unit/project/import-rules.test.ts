import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type ImportRule, isInside, PURE_FOLDERS, readImportTable } from './import-table.ts';
import { lintSamples } from './lint-samples.ts';

const table = readImportTable();
const folders = [...new Set(table.map(({ folder }) => folder.split('/')[0] ?? ''))];
const packages = [...new Set(table.flatMap((rule) => rule.packages)), 'vitest', 'esbuild'];
const nodeModules = ['util', 'fs', 'fs/promises', 'child_process', 'net', 'os', 'crypto', 'stream', 'timers/promises'];

interface Sample {
  readonly path: string;
  readonly text: string;
  readonly isAllowed: boolean;
}

const impure = [
  'Date.now()',
  'new Date()',
  'performance.now()',
  'setTimeout(print, 1)',
  'process.env.HOME',
  'crypto.randomUUID()',
  'fetch(print)',
  'Math.random()',
];

const samples = table.flatMap(samplesOf);
const reports = await lintSamples(new Map([...samples, ...PURE_FOLDERS.flatMap(impureSamples)].map(({ path, text }) => [path, text])));

describe.each(table)('src/$folder', (rule) => {
  const messages = ({ path }: Sample) => messagesOf(path, 'noRestrictedImports');

  test('may import what its row names', () => {
    const refused = samplesOf(rule).filter((sample) => sample.isAllowed && messages(sample).length > 0);
    expect(refused.map(({ text }) => text)).toEqual([]);
  });

  test('is refused everything else, and told what to do instead', () => {
    const refused = samplesOf(rule).filter((sample) => !sample.isAllowed);
    const unseen = refused.filter((sample) => messages(sample).length !== 1 || !/: \w.*\.$/.test(messages(sample)[0] ?? ''));
    expect(refused.length).toBeGreaterThan(0);
    expect(unseen.map(({ text }) => text)).toEqual([]);
  });
});

test.each(PURE_FOLDERS)('src/%s has no clock, randomness, process or network', (folder) => {
  const unseen = impureSamples(folder).filter(
    ({ path }) => [...messagesOf(path, 'noRestrictedGlobals'), ...messagesOf(path, 'noJsRestrictedProperties')].length === 0,
  );
  expect(unseen.map(({ text }) => text)).toEqual([]);
});

describe('the sources', () => {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((path) => /\.tsx?$/.test(path));

  test('lie in folders of the table', () => {
    expect(files.filter((path) => ruleFor(path) === undefined)).toEqual([]);
  });

  test('import what the table says, also by a detour or a type', () => {
    expect(
      files.flatMap((path) =>
        importsOf(path)
          .filter((target) => !isAllowed(path, target))
          .map((target) => `${path} imports ${target}`),
      ),
    ).toEqual([]);
  });
});

function messagesOf(path: string, rule: string): readonly string[] {
  return reports.filter((report) => report.path === path && report.rule === rule).map(({ message }) => message);
}

function samplesOf(rule: ImportRule): readonly Sample[] {
  return [...folderSamples(rule), ...packageSamples(rule), ...nodeSamples(rule)];
}

function impureSamples(folder: string): readonly Sample[] {
  return impure.map((expression, index) => ({
    path: `src/${folder}/impure-${index}.ts`,
    text: `export const read = (print: string) => [print, ${expression}];\n`,
    isAllowed: false,
  }));
}

function folderSamples({ folder, sources }: ImportRule): readonly Sample[] {
  const own = folder.split('/')[0];
  const others = [...folders, 'build', 'run/events.ts', 'transport/transport.ts'].filter((other) => other.split('/')[0] !== own);
  return others.flatMap((other) => {
    const target = other.endsWith('.ts') ? other : `${other}/x.ts`;
    const isAllowed = sources.some((source) => isInside(target, source));
    const name = target.replace(/[/.]/g, '-');
    const up = '../'.repeat(folder.split('/').length);
    return [
      { path: `src/${folder}/import-${name}.ts`, text: `export * from '${up}${target}';\n`, isAllowed },
      { path: `src/${folder}/type-${name}.ts`, text: `import type { X } from './${up}${target}';\nexport type Y = X;\n`, isAllowed },
      { path: `src/${folder}/inner/lazy-${name}.ts`, text: `export const lazy = () => import('../${up}${target}');\n`, isAllowed },
    ];
  });
}

function packageSamples(rule: ImportRule): readonly Sample[] {
  return packages.map((name) => ({
    path: `src/${rule.folder}/package-${name.replace(/[@/]/g, '-')}.ts`,
    text: `import '${name}';\n`,
    isAllowed: rule.packages.includes(name),
  }));
}

function nodeSamples(rule: ImportRule): readonly Sample[] {
  return nodeModules.map((name) => ({
    path: `src/${rule.folder}/node-${name.replace('/', '-')}.ts`,
    text: `import 'node:${name}';\n`,
    isAllowed: rule.nodeModules === 'any' || rule.nodeModules.includes(name),
  }));
}

/** The innermost row that is about a file of src. */
function ruleFor(path: string): ImportRule | undefined {
  return table.filter(({ folder }) => isInside(path, folder)).sort((a, b) => b.folder.length - a.folder.length)[0];
}

/** What a file imports: paths below src, packages, and `node:` modules. */
function importsOf(path: string): readonly string[] {
  const text = readFileSync(join('src', path), 'utf8');
  const names = [...text.matchAll(/(?:^import|\bfrom|\bimport\()\s*'([^'\n]+)'/gm)].flatMap(([, name]) => (name === undefined ? [] : [name]));
  return names.map((name) => (name.startsWith('.') ? relative('src', join('src', path, '..', name)) : name));
}

function isAllowed(path: string, target: string): boolean {
  const rule = ruleFor(path);
  if (rule === undefined) return false;
  if (target.startsWith('node:')) return rule.nodeModules === 'any' || rule.nodeModules.includes(target.slice(5));
  const [own = ''] = rule.folder.split('/');
  return [own, ...rule.sources, ...rule.packages].some((place) => isInside(target, place));
}

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

interface Package {
  readonly version: string;
  readonly bin: Readonly<Record<string, string>>;
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies?: unknown;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: unknown;
  readonly devDependencies: Readonly<Record<string, string>>;
}

const project = JSON.parse(readFileSync('package.json', 'utf8')) as Package;
const ignored = new Set([
  '.git',
  ...readFileSync('.gitignore', 'utf8')
    .split('\n')
    .filter((line) => line.endsWith('/'))
    .map((line) => line.slice(0, -1)),
]);
const files = filesIn('.');

describe('README.md', () => {
  const firstScreen = readFileSync('README.md', 'utf8').split('\n').slice(0, 40);
  const setUp = firstScreen.filter((line) => line.startsWith('npm '));

  test('has one line to see it work and one line to test it', () => {
    expect(setUp).toEqual(['npm ci && npx tunorch demo', 'npm ci && npm test']);
  });

  test('has the test line that CI runs', () => {
    expect(readFileSync('.ci/run', 'utf8').split('\n')).toContain(setUp[1]);
  });

  test('names a program and scripts that exist', () => {
    expect(project.bin).toHaveProperty('tunorch');
    expect(project.scripts).toHaveProperty('test');
    const scripts = [
      ...readFileSync('README.md', 'utf8').matchAll(/npm run ([\w:]+)/g),
      ...readFileSync('test/README.md', 'utf8').matchAll(/npm run ([\w:]+)/g),
    ];
    expect(scripts.map(([, name = '']) => name).filter((name) => project.scripts[name] === undefined)).toEqual([]);
  });
});

describe('package.json', () => {
  test('needs nothing at run time, because the program is bundled', () => {
    expect([project.dependencies, project.optionalDependencies, project.peerDependencies]).toEqual([undefined, undefined, undefined]);
  });

  test('names exact versions', () => {
    expect(Object.entries(project.devDependencies).filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
  });
});

describe('package-lock.json', () => {
  const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
    readonly packages: Readonly<Record<string, Pick<Package, 'optionalDependencies'> & { resolved?: string }>>;
  };
  const places = Object.entries(lock.packages);

  test('has an entry for the optional packages of every platform, or npm ci refuses it', () => {
    const wanted = places.flatMap(([place, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).map((name) => [`${place}/node_modules/${name}`, `node_modules/${name}`]),
    );
    expect(wanted.filter((names) => !names.some((name) => name in lock.packages))).toEqual([]);
  });

  test('names no registry', () => {
    expect(places.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
  });
});

describe('the files', () => {
  test('at the top are the agreed ones', () => {
    const agreed = [
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'inventory',
      'package-lock.json',
      'package.json',
      'playbooks',
      'src',
      'test',
      'tsconfig.json',
    ];
    const top = readdirSync('.').filter((name) => !name.startsWith('.') && !ignored.has(name));
    expect(top.filter((name) => !agreed.includes(name))).toEqual([]);
  });

  test('say nothing about the machine they were written on', () => {
    // Guests of the lab have a /root/.ssh of their own.
    const machinePath = /(?<![\w.~$}])\/(?:root\/(?!\.ssh)|work\/)/;
    const texts = files.map((path) => [path, readFileSync(path, 'utf8')] as const);
    expect(texts.filter(([, text]) => machinePath.test(text)).map(([path]) => path)).toEqual([]);
  });
});

test('the program starts with a line that makes it executable', () => {
  expect(readFileSync('src/cli/main.ts', 'utf8').split('\n')[0]).toBe('#!/usr/bin/env node');
});

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (ignored.has(entry.name)) return [];
    return entry.isDirectory() ? filesIn(join(folder, entry.name)) : [join(folder, entry.name)];
  });
}

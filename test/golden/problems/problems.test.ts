import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Problem } from '../../../src/domain/problem.ts';
import { problemCases } from './cases.ts';

const folder = import.meta.dirname;
const sources = join(folder, '../../../src');

function render({ host, code, message, hint, step, command, words }: Problem): string {
  const details = Object.entries({ step, command, words }).flatMap(([name, text]) => (text === undefined ? [] : [`  ${name}: ${text}`]));
  return [`${host === undefined ? '' : `${host}: `}${code}: ${message}. ${hint}`, ...details, ''].join('\n');
}

/** Codes as they stand in the source, of what a run itself finds. */
function codesInSource(): readonly string[] {
  const files = ['plan', 'verify', 'capture', 'run'].flatMap((each) =>
    readdirSync(join(sources, each), { recursive: true, encoding: 'utf8' }).map((name) => join(each, name)),
  );
  const found = files
    .filter((name) => /\.tsx?$/.test(name))
    .flatMap((name) => [
      ...readFileSync(join(sources, name), 'utf8').matchAll(/'((?:plan|verify|capture|apply|commit|rollback|host|run)\.[a-z-]+)'/g),
    ]);
  return [...new Set(found.map((match) => match[1] ?? ''))];
}

describe('problems', () => {
  it.each(Object.entries(problemCases))('%s', (code, make) => {
    const problems = make();
    const text = problems.map(render).join('\n');
    const path = join(folder, code, 'expected.txt');
    if (process.env.UPDATE_GOLDEN === '1') {
      mkdirSync(join(folder, code), { recursive: true });
      writeFileSync(path, text);
    }
    expect(text).toBe(readFileSync(path, 'utf8'));
    expect([...new Set(problems.map((problem) => problem.code))]).toEqual([code]);
  });

  it('have a case for every code in the source, and none for a code that is gone', () => {
    const folders = readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
    const codes = codesInSource().toSorted();
    expect(Object.keys(problemCases).toSorted()).toEqual(codes);
    expect(folders.toSorted()).toEqual(codes);
  });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { expandLimit } from '../../../src/cli/limit-file.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tunorch-limit-'));
  writeFileSync(join(folder, 'retry'), 'edge1\n\n  edge2  \n!core*\n');
  writeFileSync(join(folder, 'empty'), '\n');
});

afterEach(() => rmSync(folder, { recursive: true }));

describe('expandLimit', () => {
  it.each([
    ['edge:&paris', 'edge:&paris'],
    ['@retry', 'edge1,edge2,!core*'],
    ['all, @retry', 'all,edge1,edge2,!core*'],
    ['all:@retry:&paris', 'all:edge1,edge2,!core*:&paris'],
    ['user@retry', 'user@retry'],
  ])('%s', async (limit, expanded) => {
    const { limit: found, diagnostics } = await expandLimit(limit.replace(/(?<!\w)@/g, `@${folder}/`));
    expect([found, diagnostics]).toEqual([expanded, []]);
  });

  it('does not take a file that is empty or gone for all tunnels', async () => {
    const { diagnostics } = await expandLimit(`@${folder}/empty,@${folder}/gone`);
    expect(diagnostics.map(({ code, severity }) => [code, severity])).toEqual([
      ['inventory.unmatched-pattern', 'error'],
      ['inventory.no-such-file', 'error'],
    ]);
  });
});

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadLocks, writeLocks } from '../../../src/cli/lock-files.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tunorch-locks-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const at = (name: string) => join(folder, name);
const update = (text: string, before?: string) => ({
  path: at('a.lock.yaml'),
  text,
  allotted: [],
  released: [],
  ...(before === undefined ? {} : { before }),
});

describe('loadLocks', () => {
  it('finds the lock file beside each inventory, and none beside stdin', async () => {
    writeFileSync(at('a.lock.yaml'), 'core:');
    const files = ['a.yaml', 'b.yaml'].map((name) => ({ path: at(name), text: '' }));
    expect(await loadLocks([...files, { path: '<stdin>', text: '' }])).toEqual({
      locks: [{ path: at('a.lock.yaml'), text: 'core:' }],
      diagnostics: [],
    });
  });

  it('takes the one that is named, also before it is there', async () => {
    expect(await loadLocks([{ path: at('a.yaml'), text: '' }], at('site'))).toEqual({ locks: [], diagnostics: [], lockFile: at('site') });
  });
});

describe('writeLocks', () => {
  it('writes a file whole, and leaves nothing else', async () => {
    expect(await writeLocks([update('one')])).toBeUndefined();
    expect(await writeLocks([update('two', 'one')])).toBeUndefined();
    expect([readdirSync(folder), readFileSync(at('a.lock.yaml'), 'utf8')]).toEqual([['a.lock.yaml'], 'two']);
  });

  it('leaves a file alone that was changed since it was read', async () => {
    writeFileSync(at('a.lock.yaml'), 'theirs');
    expect(await writeLocks([update('ours', 'before')])).toContain('was changed by somebody else');
    expect(await writeLocks([update('ours')])).toContain('was changed by somebody else');
    expect(readFileSync(at('a.lock.yaml'), 'utf8')).toBe('theirs');
  });

  it('says why a file cannot be written', async () => {
    expect(await writeLocks([{ ...update('x'), path: at('missing/a.lock.yaml') }])).toContain('there is no such file');
  });
});

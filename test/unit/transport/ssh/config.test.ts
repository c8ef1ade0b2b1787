import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readConfigFiles } from '../../../../src/transport/ssh/config-files.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tunorch-config-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What the files say about router-a; relative Includes are looked up in the folder. */
const read = (...paths: readonly string[]) =>
  readConfigFiles({
    files: paths.map((path) => ({ path, includeDir: folder })),
    host: 'router-a',
    given: [],
    homeDir: folder,
    localUser: 'me',
    runs: () => false,
  });

describe('the own reader', () => {
  test.each([
    ['User ops\nNoSuchOption 1\n', 'nosuchoption 1'],
    ['Match tagged router\n  User ops\n', 'Match tagged router'],
    ['CanonicalizeHostname yes\nCanonicalDomains example.net\n', 'CanonicalizeHostname'],
    ['CanonicalizeHostname always\nCanonicalDomains example.net\nProxyJump bastion\n', 'CanonicalizeHostname'],
    ['CanonicalizeHostname yes\nCanonicalizePermittedCNAMEs *:*\n', 'CanonicalizeHostname'],
  ])('says what only OpenSSH can follow in %j', (text, beyond) => {
    const path = join(folder, 'beyond');
    writeFileSync(path, text);
    expect(read(path).beyond).toBe(beyond);
  });

  test('looks a relative Include up where it is told, and leaves out hidden files', () => {
    mkdirSync(join(folder, 'parts'));
    writeFileSync(join(folder, 'parts', 'a.conf'), 'User included\n');
    writeFileSync(join(folder, 'parts', '.hidden.conf'), 'Port 1\n');
    const path = join(folder, 'relative');
    writeFileSync(path, 'Include parts/*.conf\n');
    expect(read(path).lines).toEqual([{ name: 'user', value: 'included' }]);
  });

  test.each([
    ['Host *\n  SendEnv LANG LC_*\n  HashKnownHosts yes\n  GSSAPIAuthentication yes\n', false],
    ['User ops\n', false],
    ['Host router-*\n  User ops\n', true],
  ])('knows whether %j depends on the host', (text, isPerHost) => {
    const path = join(folder, 'stock');
    writeFileSync(path, text);
    expect(read(path, join(folder, 'absent')).isPerHost).toBe(isPerHost);
  });

  test('ends at a file that includes itself', () => {
    const path = join(folder, 'endless');
    writeFileSync(path, `Include ${path}\nUser ops\n`);
    expect(read(path).lines.length).toBeLessThan(40);
  });
});

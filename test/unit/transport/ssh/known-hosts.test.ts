import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formatKnownHost, knownHostName, matchesName, matchesPattern, parseKnownHosts } from '../../../../src/transport/ssh/known-hosts.ts';

const KEY = 'AAAAC3NzaC1lZDI1NTE5AAAAIJNdZ7SaI6T8c1hIVEvHcLPjXKzXVrPnPOYuxYDZ2mIN';
const hasKeygen = spawnSync('ssh-keygen', ['-?']).error === undefined;

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tunorch-known-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const matching = (text: string, name: string) => parseKnownHosts(text, 'known_hosts').filter((line) => matchesName(line, name)).length;

describe('a line of known_hosts', () => {
  test('knows its file, its number and its marker', () => {
    const text = `# comment\n\n@revoked * ssh-ed25519 ${KEY} old\n@cert-authority *.example ssh-ed25519 ${KEY}\nrouter-a ssh-ed25519 ${KEY}\n`;
    const lines = parseKnownHosts(text, '/k');
    expect(lines.map(({ line, marker }) => [line, marker])).toEqual([
      [3, 'revoked'],
      [4, 'cert-authority'],
      [5, undefined],
    ]);
  });

  test.each(['', '#x', 'only-a-name', '@unknown a b c', 'name ssh-ed25519'])('that is none is left out: «%s»', (line) => {
    expect(parseKnownHosts(line, 'k')).toEqual([]);
  });

  test.each([
    ['router-a', 'router-a', true],
    ['router-a,router-b', 'router-b', true],
    ['*.example', 'a.b.example', true],
    ['router-?', 'router-a', true],
    ['router-?', 'router-aa', false],
    ['*,!router-b', 'router-a', true],
    ['*,!router-b', 'router-b', false],
    ['!router-b', 'router-a', false],
    ['Router-A', 'router-a', true],
    ['[router-a]:2222', '[router-a]:2222', true],
    ['router-a', '[router-a]:2222', false],
    ['[*]:2222', '[router-a]:2222', true],
  ])('%s about %s: %s', (names, name, expected) => {
    expect(matching(`${names} ssh-ed25519 ${KEY}`, name) === 1).toBe(expected);
  });
});

test('a host keeps its port in the name, unless it is 22', () => {
  expect(knownHostName('Router-A', 22)).toBe('router-a');
  expect(knownHostName('2001:db8::1', 2222)).toBe('[2001:db8::1]:2222');
});

test('a pattern of many stars does not take long', () => {
  expect(matchesPattern(`${'a*'.repeat(50)}b`, 'a'.repeat(5000))).toBe(false);
});

test('a pattern matches as the regular expression that it stands for', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '.'), maxLength: 8 });
  const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*', '?'), maxLength: 8 });
  fc.assert(
    fc.property(pattern, text, (one, other) => {
      const expression = new RegExp(`^${one.replaceAll('.', '\\.').replaceAll('*', '.*').replaceAll('?', '.')}$`, 'su');
      expect(matchesPattern(one, other)).toBe(expression.test(other));
    }),
  );
});

describe.runIf(hasKeygen)('OpenSSH', () => {
  const name = fc.domain().map((domain) => domain.toLowerCase());

  test('hashes names so that they are found here', () => {
    const path = join(folder, 'hashed');
    writeFileSync(path, ['router-a', '[router-a]:2222', '2001:db8::1'].map((one) => `${one} ssh-ed25519 ${KEY}\n`).join(''));
    execFileSync('ssh-keygen', ['-q', '-H', '-f', path], { stdio: 'ignore' });
    const text = readFileSync(path, 'utf8');
    expect(text).toContain('|1|');
    for (const one of ['router-a', '[router-a]:2222', '2001:db8::1']) expect(matching(text, one)).toBe(1);
    expect(matching(text, 'router-b')).toBe(0);
  });

  test('finds what is written here, hashed or not', () => {
    const path = join(folder, 'written');
    const find = (one: string) => spawnSync('ssh-keygen', ['-F', one, '-f', path], { encoding: 'utf8' }).stdout;
    fc.assert(
      fc.property(name, fc.integer({ min: 1, max: 65535 }), fc.boolean(), (host, port, isHashed) => {
        writeFileSync(path, `${formatKnownHost(knownHostName(host, port), 'ssh-ed25519', { key: Buffer.from(KEY, 'base64'), isHashed })}\n`);
        expect(find(knownHostName(host, port))).toContain(KEY);
        expect(matching(readFileSync(path, 'utf8'), knownHostName(host, port))).toBe(1);
      }),
      { numRuns: 40 },
    );
  });
});

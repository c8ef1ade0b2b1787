import { describe, expect, test } from 'vitest';
import { parseKnownHosts } from '../../../../src/transport/ssh/known-hosts.ts';
import { judgeKey, knownKeyTypes } from '../../../../src/transport/ssh/known-keys.ts';
import { hostKey } from './host-keys.ts';

const ED = hostKey('ssh-ed25519', 'one');
const OTHER_ED = hostKey('ssh-ed25519', 'two');
const RSA = hostKey('ssh-rsa', 'three');
const HOST = { host: 'Router-A', port: 22 };

const entry = (names: string, key: { readonly type: string; readonly blob: Buffer }) => `${names} ${key.type} ${key.blob.toString('base64')}`;
const verdict = (lines: readonly string[], host: Parameters<typeof judgeKey>[1] = HOST, key = ED) =>
  judgeKey(parseKnownHosts(lines.join('\n'), 'k'), host, key);

describe('a host key', () => {
  test('is known by any line that has it', () => {
    expect(verdict([entry('router-a', RSA), entry('other,router-a', ED)]).kind).toBe('known');
  });

  test('is unknown where no line is about the host', () => {
    expect(verdict([entry('router-b', ED)]).kind).toBe('unknown');
  });

  test('has changed when the host is known by another one of its type', () => {
    expect(verdict([entry('router-a', RSA), entry('router-a', OTHER_ED)])).toMatchObject({ kind: 'changed', known: { line: 2 } });
  });

  test('has changed also when the host is only known by a key of another type: an attacker would choose that', () => {
    expect(verdict([entry('router-a', RSA)])).toMatchObject({ kind: 'changed', known: { line: 1 } });
  });

  test('is revoked before it is known', () => {
    expect(verdict([entry('router-a', ED), `@revoked ${entry('*', ED)}`]).kind).toBe('revoked');
    expect(verdict([entry('router-a', ED), `@revoked ${entry('*', OTHER_ED)}`]).kind).toBe('known');
  });

  test('of a host on another port may be known without the port, but is never changed by that', () => {
    const onPort = { host: 'router-a', port: 2222 };
    expect(verdict([entry('router-a', ED)], onPort).kind).toBe('known');
    expect(verdict([entry('router-a', OTHER_ED)], onPort).kind).toBe('unknown');
    expect(verdict([entry('router-a', ED), entry('[router-a]:2222', OTHER_ED)], onPort).kind).toBe('changed');
    expect(verdict([`@revoked ${entry('router-a', ED)}`], onPort).kind).toBe('revoked');
  });

  test('is looked up under HostKeyAlias alone where there is one', () => {
    const aliased = { host: '192.0.2.1', port: 2222, alias: 'Cluster' };
    expect(verdict([entry('cluster', ED)], aliased).kind).toBe('known');
    expect(verdict([entry('[192.0.2.1]:2222', ED)], aliased).kind).toBe('unknown');
  });

  test('that only an authority could vouch for is said to need a certificate', () => {
    expect(verdict([`@cert-authority ${entry('router-*', OTHER_ED)}`])).toMatchObject({ kind: 'needs-certificate', known: { line: 1 } });
    expect(verdict([`@cert-authority ${entry('router-*', ED)}`]).kind).toBe('needs-certificate');
    expect(verdict([`@cert-authority ${entry('*', OTHER_ED)}`, entry('router-a', ED)]).kind).toBe('known');
  });
});

test('the types to ask for first are those of the plain lines of the host', () => {
  const lines = parseKnownHosts([entry('router-a', RSA), entry('router-b', ED), `@cert-authority ${entry('*', ED)}`].join('\n'), 'k');
  expect([...knownKeyTypes(lines, HOST)]).toEqual(['ssh-rsa']);
  expect([...knownKeyTypes(lines, { host: 'router-a', port: 2222 })]).toEqual(['ssh-rsa']);
  expect([...knownKeyTypes(lines, { host: 'router-c', port: 22 })]).toEqual([]);
});

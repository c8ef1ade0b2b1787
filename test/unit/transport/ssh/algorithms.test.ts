import { describe, expect, test } from 'vitest';
import { chooseAlgorithms } from '../../../../src/transport/ssh/algorithms.ts';

const NOTHING_KNOWN = new Set<string>();

describe('what is offered to a host', () => {
  test('has no SHA-1 for keys and key exchange, and the cheapest cipher first', () => {
    const { kex, serverHostKey, cipher } = chooseAlgorithms({}, NOTHING_KNOWN);
    expect(kex).not.toContain('diffie-hellman-group14-sha1');
    expect(serverHostKey).not.toContain('ssh-rsa');
    expect(cipher).toMatchObject({ 0: 'aes128-gcm@openssh.com' });
  });

  test('begins with the key types that are known', () => {
    expect(chooseAlgorithms({}, new Set(['ssh-rsa'])).serverHostKey).toMatchObject({ 0: 'rsa-sha2-512', 1: 'rsa-sha2-256', 2: 'ssh-ed25519' });
    expect(chooseAlgorithms({}, new Set(['ecdsa-sha2-nistp256'])).serverHostKey).toMatchObject({ 0: 'ecdsa-sha2-nistp256' });
  });

  test('can be widened to what is outdated', () => {
    expect(chooseAlgorithms({ hostKeys: ['+ssh-rsa'] }, NOTHING_KNOWN).serverHostKey).toContain('ssh-rsa');
    expect(chooseAlgorithms({ hostKeys: ['+ssh-rsa'] }, new Set(['ssh-rsa'])).serverHostKey).toMatchObject({ 0: 'rsa-sha2-512' });
  });

  test('can be narrowed', () => {
    expect(chooseAlgorithms({ ciphers: ['aes256-ctr', 'aes999'] }, NOTHING_KNOWN).cipher).toEqual(['aes256-ctr']);
    expect(chooseAlgorithms({ macs: ['-*sha1*'] }, NOTHING_KNOWN).hmac).not.toContain('hmac-sha1');
  });

  test('is never nothing', () => {
    expect(() => chooseAlgorithms({ kex: ['sntrup761x25519-sha512'] }, NOTHING_KNOWN)).toThrow('KexAlgorithms leaves nothing');
  });
});

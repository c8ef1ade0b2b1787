import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Secret } from '../../../../src/domain/secret.ts';
import { readIdentity } from '../../../../src/transport/ssh/identity-file.ts';
import { KeyRing } from '../../../../src/transport/ssh/key-ring.ts';
import type { IdentityFile } from '../../../../src/transport/ssh/ssh-settings.ts';
import { settingsOf } from './settings.ts';

const hasKeygen = spawnSync('ssh-keygen', ['-?']).error === undefined;

describe.runIf(hasKeygen)('an identity file', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tunorch-keys-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function key(name: string, options: { readonly type?: string; readonly passphrase?: string; readonly format?: string } = {}): string {
    const path = join(folder, name);
    const format = options.format === undefined ? [] : ['-m', options.format];
    execFileSync('ssh-keygen', ['-q', '-t', options.type ?? 'ed25519', ...format, '-N', options.passphrase ?? '', '-C', name, '-f', path]);
    return path;
  }

  test.each(['ed25519', 'rsa', 'ecdsa'])('of type %s is read, with or without its .pub file', async (type) => {
    const path = key('plain', { type });
    rmSync(`${path}.pub`);
    const reading = await readIdentity(path);
    expect(reading.kind === 'identity' && reading.identity.privateKey?.isPrivateKey()).toBe(true);
  });

  test('that is encrypted shows its public half, and opens with its passphrase only', async () => {
    const path = key('locked', { passphrase: 'open sesame' });
    rmSync(`${path}.pub`);
    const reading = await readIdentity(path);
    if (reading.kind !== 'identity') return expect.unreachable();
    expect(reading.identity.publicKey.type).toBe('ssh-ed25519');
    expect(reading.identity.privateKey).toBeUndefined();
    expect(reading.identity.unlock('wrong')).toBeUndefined();
    expect(reading.identity.unlock('open sesame')?.isPrivateKey()).toBe(true);
  });

  test('in the old encrypted format needs its .pub file to be offered', async () => {
    const path = key('old', { type: 'rsa', format: 'PEM', passphrase: 'open sesame' });
    expect((await readIdentity(path)).kind).toBe('identity');
    rmSync(`${path}.pub`);
    expect(await readIdentity(path)).toMatchObject({ kind: 'unusable', reason: expect.stringContaining('.pub') });
  });

  test('that others can read is left out', async () => {
    const path = key('open');
    chmodSync(path, 0o644);
    expect(await readIdentity(path)).toMatchObject({ kind: 'unusable', reason: expect.stringContaining('0644') });
  });

  test('that is no key, is absent, or is only a public one, is told apart', async () => {
    const path = key('half');
    writeFileSync(join(folder, 'text'), 'no key\n', { mode: 0o600 });
    expect((await readIdentity(join(folder, 'text'))).kind).toBe('unusable');
    expect((await readIdentity(join(folder, 'nothing'))).kind).toBe('absent');
    expect((await readIdentity(`${path}.pub`)).kind).toBe('public-only');
    renameSync(path, join(folder, 'moved'));
    expect((await readIdentity(path)).kind).toBe('public-only');
  });

  describe('on a ring', () => {
    const labels = async (identityFiles: readonly IdentityFile[]) =>
      (await new KeyRing(undefined).offersFor(settingsOf({ identityFiles }))).offers.map(({ label }) => label);

    test('comes before the default ones when it is named', async () => {
      const [named, other] = [key('named'), key('id_rsa')];
      expect(
        await labels([
          { path: other, origin: 'default' },
          { path: named, origin: 'configuration' },
        ]),
      ).toEqual([named, other]);
    });

    test('that the inventory names and that is not there is a problem to tell', async () => {
      const path = join(folder, 'absent');
      const files = (origin: IdentityFile['origin']) => settingsOf({ identityFiles: [{ path, origin }] });
      expect((await new KeyRing(undefined).offersFor(files('inventory'))).requiredProblem).toContain('is not there');
      expect((await new KeyRing(undefined).offersFor(files('default'))).requiredProblem).toBeUndefined();
    });

    test('is unlocked once, whoever asks, and not asked for before it is needed', async () => {
      const path = key('locked', { passphrase: 'open sesame' });
      const questions: string[] = [];
      const answers = ['wrong', 'open sesame'];
      const askSecret = async (question: string) => {
        questions.push(question);
        return new Secret(answers.shift() ?? '');
      };
      const ring = new KeyRing({ ask: async () => undefined, askSecret });
      const { offers } = await ring.offersFor(settingsOf({ identityFiles: [{ path, origin: 'default' }] }));
      expect(questions).toEqual([]);
      const text = Buffer.from('to sign');
      const [offer] = offers;
      const signatures = await Promise.all([offer?.sign(text, undefined), offer?.sign(text, undefined)]);
      expect(questions).toHaveLength(2);
      expect(offer?.publicKey.verify(text, signatures[0] ?? Buffer.alloc(0))).toBe(true);
    });

    test('goes on without an agent that does not answer, and says so', async () => {
      const { offers, notes } = await new KeyRing(undefined).offersFor(settingsOf({ agentSocket: join(folder, 'no-agent') }));
      expect(offers).toEqual([]);
      expect(notes[0]).toContain('does not answer');
    });
  });
});

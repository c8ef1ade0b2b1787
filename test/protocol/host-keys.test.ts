import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Secret } from '../../src/domain/secret.ts';
import { answering, describeOpenSsh, failureOf, uidOf } from './fixture.ts';
import { publicKeyOf, startSshd } from './sshd.ts';

describeOpenSsh('a real OpenSSH shows a host key', (lab) => {
  const known = () => readFileSync(join(lab.home, '.ssh', 'known_hosts'), 'utf8');
  const withKey = () => ({ privateKeyFile: lab.key });
  const knowAnother = () => lab.writeKnownHosts(`[127.0.0.1]:${lab.sshd.port} ${publicKeyOf(lab.key)}\n`);
  const CARELESS = [{ name: 'StrictHostKeyChecking', value: 'no' }];

  test.each([0, 1, 2])('that is known by the one type %s of three', async (index) => {
    lab.know(index);
    expect(await uidOf(await lab.connect(withKey()))).toBe('0\n');
  });

  test('that is unknown, and goes no further', async () => {
    lab.writeKnownHosts('');
    expect(await failureOf(lab.connect(withKey()))).toMatchObject({ code: 'ssh.host-key-unknown' });
    expect(known()).toBe('');
  });

  test('that a person accepts, that is written hashed, and then known', async () => {
    lab.writeKnownHosts('');
    lab.writeConfig('HashKnownHosts yes\n');
    const { questions, terminal } = answering('yes');
    expect(await uidOf(await lab.connect(withKey(), { terminal }))).toBe('0\n');
    expect(questions).toHaveLength(1);
    expect(known()).toMatch(/^\|1\|/u);
    expect(await uidOf(await lab.connect(withKey()))).toBe('0\n');
  });

  test('that is new for many hosts at once, and is asked about once', async () => {
    lab.writeKnownHosts('');
    const { questions, terminal } = answering('yes');
    const shared = lab.transport({ terminal });
    const connection = lab.vars(withKey());
    const sessions = await Promise.all(['a', 'b', 'c', 'd'].map((name) => shared.connect({ name, connection })));
    await Promise.all(sessions.map((session) => session.close()));
    expect(questions).toHaveLength(1);
    expect(known().trim().split('\n')).toHaveLength(1);
  });

  test('that has changed', async () => {
    knowAnother();
    expect(await failureOf(lab.connect(withKey()))).toMatchObject({
      code: 'ssh.host-key-changed',
      message: expect.stringContaining('known_hosts:1'),
    });
  });

  test('that has changed, under StrictHostKeyChecking no: a key goes on, a password does not', async () => {
    knowAnother();
    expect(await uidOf(await lab.connect({ ...withKey(), sshOptions: CARELESS }))).toBe('0\n');
    const password = new Secret(lab.root.password);
    expect((await failureOf(lab.connect({ password, sshOptions: CARELESS }))).code).toBe('ssh.host-key-changed');
    const become = { method: 'sudo' as const, password };
    expect((await failureOf(lab.connect({ ...withKey(), become, sshOptions: CARELESS }))).code).toBe('ssh.host-key-changed');
  });

  test('that is revoked', async () => {
    lab.know(0, '@revoked *');
    expect((await failureOf(lab.connect({ ...withKey(), sshOptions: CARELESS }))).code).toBe('ssh.host-key-revoked');
  });

  test('that only an authority vouches for', async () => {
    lab.writeKnownHosts(`@cert-authority * ${publicKeyOf(lab.key)}\n`);
    expect(await failureOf(lab.connect(withKey()))).toMatchObject({ code: 'ssh.unsupported', message: expect.stringContaining('@cert-authority') });
  });

  test('that stays the same over many rekeys', async () => {
    const eager = await startSshd({ folder: lab.folder, authorizedKeys: [publicKeyOf(lab.key)], lines: ['RekeyLimit 512K'] });
    try {
      lab.writeKnownHosts(`[127.0.0.1]:${eager.port} ${eager.hostKeys[0]}\n`);
      const session = await lab.connect({ ...withKey(), port: eager.port });
      expect((await session.run('head -c 5000000 /dev/zero')).stdout).toHaveLength(5_000_000);
      await session.close();
    } finally {
      await eager.stop();
    }
  });
});

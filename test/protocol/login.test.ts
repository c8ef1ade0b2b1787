import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Secret } from '../../src/domain/secret.ts';
import { answering, describeOpenSsh, failureOf, uidOf } from './fixture.ts';
import { makeKey, publicKeyOf, startAgent, startSshd } from './sshd.ts';

describeOpenSsh('a real OpenSSH lets in', (lab) => {
  test.each(['key', 'rsa', 'ecdsa'])('the key file %s', async (name) => {
    const session = await lab.connect({ privateKeyFile: join(lab.folder, name) });
    expect(session.connection).toEqual({ clientAddress: '127.0.0.1', serverAddress: '127.0.0.1' });
    expect(await uidOf(session)).toBe('0\n');
  });

  test('an encrypted key, whose passphrase is asked for once for all hosts', async () => {
    const { questions, terminal } = answering('open sesame');
    const shared = lab.transport({ terminal });
    const connection = lab.vars({ privateKeyFile: join(lab.folder, 'encrypted') });
    const sessions = await Promise.all(['a', 'b', 'c'].map((name) => shared.connect({ name, connection })));
    for (const session of sessions) expect(await uidOf(session)).toBe('0\n');
    expect(questions).toEqual([`Enter passphrase for key '${join(lab.folder, 'encrypted')}': `]);
  });

  test.each(['key', 'rsa', 'ecdsa'])('the key %s of an agent, among others', async (name) => {
    const agent = await startAgent(lab.folder, [makeKey(lab.folder, `stranger-${name}`), join(lab.folder, name)]);
    try {
      expect(await uidOf(await lab.connect({}, { env: { SSH_AUTH_SOCK: agent.socket } }))).toBe('0\n');
    } finally {
      agent.stop();
    }
  });

  test('the right one of more keys in an agent than the host takes tries, by IdentitiesOnly', async () => {
    const strangers = Array.from({ length: 7 }, (_, index) => makeKey(lab.folder, `many-${index}`));
    const agent = await startAgent(lab.folder, [...strangers, lab.key]);
    const env = { SSH_AUTH_SOCK: agent.socket };
    const sshOptions = [
      { name: 'IdentitiesOnly', value: 'yes' },
      { name: 'IdentityFile', value: `${lab.key}.pub` },
    ];
    try {
      const failure = await failureOf(lab.connect({}, { env }));
      expect(failure).toMatchObject({ code: 'ssh.auth-refused', message: expect.stringContaining('Too many authentication failures') });
      expect(await uidOf(await lab.connect({ sshOptions }, { env }))).toBe('0\n');
    } finally {
      agent.stop();
    }
  });

  test('a key file although the agent is dead', async () => {
    expect(await uidOf(await lab.connect({ privateKeyFile: lab.key }, { env: { SSH_AUTH_SOCK: join(lab.folder, 'no-agent') } }))).toBe('0\n');
  });

  test('a password', async () => {
    expect(await uidOf(await lab.connect({ password: new Secret(lab.root.password) }))).toBe('0\n');
  });

  test('a password that is typed', async () => {
    const { questions, terminal } = answering(lab.root.password);
    expect(await uidOf(await lab.connect({}, { terminal }))).toBe('0\n');
    expect(questions).toEqual([`${lab.root.name}@127.0.0.1's password: `]);
  });

  test.each([
    ['keyboard-interactive, by PAM', ['UsePAM yes', 'PasswordAuthentication no', 'KbdInteractiveAuthentication yes']],
    ['a key and then a password', ['AuthenticationMethods publickey,password']],
    ['a password and then a key', ['AuthenticationMethods password,publickey']],
  ])('with %s', async (_, lines) => {
    const strict = await startSshd({ folder: lab.folder, authorizedKeys: [publicKeyOf(lab.key)], lines });
    try {
      lab.writeKnownHosts(`[127.0.0.1]:${strict.port} ${strict.hostKeys[0]}\n`);
      const credentials = { privateKeyFile: lab.key, password: new Secret(lab.root.password) };
      expect(await uidOf(await lab.connect({ port: strict.port, ...credentials }))).toBe('0\n');
    } finally {
      await strict.stop();
    }
  });

  describe('but not', () => {
    test('a wrong key', async () => {
      const failure = await failureOf(lab.connect({ privateKeyFile: makeKey(lab.folder, 'wrong') }));
      expect(failure.code).toBe('ssh.auth-refused');
      expect(failure.message).toContain(`no key was accepted for ${lab.root.name} (tried ${lab.folder}/wrong)`);
    });

    test('a wrong password, which is not repeated', async () => {
      const failure = await failureOf(lab.connect({ password: new Secret('wr0ng') }));
      expect(failure).toMatchObject({ code: 'ssh.auth-refused', message: expect.stringContaining('the password was not accepted') });
      expect(`${JSON.stringify(failure)}${failure.stack}`).not.toContain('wr0ng');
    });

    test.each([
      ['is not there', 'absent', undefined],
      ['is encrypted, and nobody can be asked', 'encrypted', undefined],
      ['has a passphrase that nobody knows', 'encrypted', 'wrong'],
    ])('a key that %s', async (_, name, answer) => {
      const options = answer === undefined ? {} : { terminal: answering(answer).terminal };
      const failure = await failureOf(lab.connect({ privateKeyFile: join(lab.folder, name) }, options));
      expect(failure).toMatchObject({ code: 'ssh.key-unreadable', message: expect.stringContaining(name) });
    });

    test('nothing at all', async () => {
      expect(await failureOf(lab.connect())).toMatchObject({ code: 'ssh.auth-refused', message: expect.stringContaining('no key to offer') });
    });

    test('a plain user without become, as root', async () => {
      expect(await failureOf(lab.connect({ user: lab.plain.name, privateKeyFile: lab.key }))).toMatchObject({ code: 'become.refused' });
    });
  });
});

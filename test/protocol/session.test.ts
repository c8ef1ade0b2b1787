import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { describeOpenSsh, failureOf, uidOf } from './fixture.ts';
import { freePort, publicKeyOf, startSshd } from './sshd.ts';

describeOpenSsh('a session with a real OpenSSH', (lab) => {
  const withKey = () => ({ privateKeyFile: lab.key });

  describe('carries', () => {
    test('five megabytes there and back', async () => {
      const session = await lab.connect(withKey());
      const { stdout } = await session.run(`cat <<'END'\n${'y'.repeat(5_000_000)}\nEND`);
      expect(stdout).toHaveLength(5_000_001);
      await session.close();
    });

    test('an opening script together with the request', async () => {
      const session = await lab.transport().connect({ name: 'router-a', connection: lab.vars(withKey()) }, undefined, 'echo first; x=1');
      expect((await session.opening)?.stdout).toBe('first\n');
      expect((await session.run('echo $x')).stdout).toBe('1\n');
      await session.close();
    });

    test('its end to the shell, whose EXIT trap runs', async () => {
      const session = await lab.connect(withKey());
      const trace = join(lab.folder, 'trap-ran');
      await session.run(`mkfifo ${trace}; trap 'echo trapped >${trace}' EXIT`);
      const trapped = readFile(trace, 'utf8');
      await session.close();
      expect(await trapped).toBe('trapped\n');
    });
  });

  test('promises that no other session follows, and asks for no proof of other host keys', async () => {
    const talkative = await startSshd({
      folder: lab.folder,
      authorizedKeys: [publicKeyOf(lab.key)],
      hostKeyTypes: ['ed25519', 'rsa'],
      lines: ['LogLevel DEBUG1'],
    });
    try {
      let log = '';
      talkative.process.stderr?.on('data', (piece: Buffer) => {
        log += piece.toString();
      });
      lab.writeKnownHosts(`[127.0.0.1]:${talkative.port} ${talkative.hostKeys[0]}\n`);
      const session = await lab.connect({ ...withKey(), port: talkative.port });
      await session.run('true');
      await session.close();
      expect(log).toContain('no-more-sessions@openssh.com');
      expect(log).not.toContain('hostkeys-prove');
    } finally {
      await talkative.stop();
    }
  });

  describe('breaks off', () => {
    test('when the shell is killed', async () => {
      const session = await lab.connect(withKey());
      const failure = await failureOf(session.run('echo words >&2; kill -9 $$'));
      expect(failure).toMatchObject({ code: 'shell.killed', message: expect.stringContaining('SIGKILL') });
      await session.close();
    });

    test('when its sshd is killed in the middle of a phase', async () => {
      const session = await lab.connect(withKey());
      expect(await failureOf(session.run('kill -9 $PPID; read -r never </dev/tty || sleep 20'))).toMatchObject({ code: 'ssh.connection-lost' });
      await session.close();
    });

    test('when it stops answering, by keepalive', async () => {
      const sshOptions = [
        { name: 'ServerAliveInterval', value: '1' },
        { name: 'ServerAliveCountMax', value: '1' },
      ];
      const session = await lab.connect({ ...withKey(), sshOptions });
      const pid = Number((await session.run('echo $PPID')).stdout);
      process.kill(pid, 'SIGSTOP');
      try {
        expect(await failureOf(session.run('true'))).toMatchObject({
          code: 'ssh.connection-lost',
          message: expect.stringContaining('stopped answering'),
        });
      } finally {
        process.kill(pid, 'SIGKILL');
      }
      await session.close();
    });

    test('by an abort in the middle of the login', async () => {
      const abort = new AbortController();
      const connecting = failureOf(lab.transport().connect({ name: 'router-a', connection: lab.vars(withKey()) }, abort.signal));
      abort.abort();
      expect(await connecting).toMatchObject({ code: 'run.interrupted' });
    });
  });

  describe('goes through a jump host', () => {
    const through = (port: number) => [{ name: 'ProxyJump', value: `${lab.root.name}@127.0.0.1:${port}` }];

    test('by one connection for all hosts behind it', async () => {
      const lines: string[] = [];
      lab.sshd.process.stderr?.on('data', (piece: Buffer) => lines.push(piece.toString()));
      lab.writeConfig(`IdentityFile ${lab.key}\n`);
      const shared = lab.transport();
      const connection = lab.vars({ sshOptions: through(lab.sshd.port) });
      const sessions = await Promise.all(Array.from({ length: 12 }, (_, index) => shared.connect({ name: `inner-${index}`, connection })));
      for (const session of sessions) expect(await uidOf(session)).toBe('0\n');
      expect(lines.join('').match(/Accepted publickey/gu)).toHaveLength(13);
    });

    test('whose own failure is told as such', async () => {
      const failure = await failureOf(lab.connect({ ...withKey(), sshOptions: through(await freePort()) }));
      expect(failure).toMatchObject({ code: 'ssh.unreachable', host: 'router-a', message: expect.stringContaining('its jump host') });
    });

    test('that says when it cannot reach the host', async () => {
      lab.writeConfig(`IdentityFile ${lab.key}\n`);
      const failure = await failureOf(lab.connect({ port: await freePort(), sshOptions: through(lab.sshd.port) }));
      expect(failure).toMatchObject({ code: 'ssh.unreachable', message: expect.stringContaining('could not reach') });
    });

    test('but not round in a circle', async () => {
      lab.writeConfig(`ProxyJump ${lab.root.name}@127.0.0.1:${lab.sshd.port}\nIdentityFile ${lab.key}\n`);
      expect(await failureOf(lab.connect())).toMatchObject({ code: 'ssh.unsupported', message: expect.stringContaining('leads back') });
    });
  });
});

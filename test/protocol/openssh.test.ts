import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ConnectionVars } from '../../src/domain/host.ts';
import { Secret } from '../../src/domain/secret.ts';
import type { SshTransportOptions } from '../../src/transport/ssh/ssh-transport.ts';
import { answering, describeOpenSsh, failureOf, uidOf } from './fixture.ts';
import { freePort, makeKey, publicKeyOf, startAgent, startSshd } from './sshd.ts';

/** A folder with an ssh that warns of a host's key, says 300 kB more, and goes on all the same. */
function careless(folder: string, warning: string): string {
  const programs = mkdtempSync(join(folder, 'programs-'));
  const path = join(programs, 'ssh');
  const text = `#!/bin/sh
for word; do
  case $before in -E) log=$word ;; esac
  case $word in 'LocalCommand=echo '*) mark=\${word#LocalCommand=echo } ;; esac
  before=$word
done
{ echo '${warning}'; yes 'debug1: Remote: more of it' | head -c 300000; } >"$log"
echo "$mark"
exec cat
`;
  writeFileSync(path, text, { mode: 0o755 });
  return programs;
}

describeOpenSsh("the system's own ssh", (lab) => {
  const withKey = () => ({ privateKeyFile: lab.key });
  const connect = (connection: ConnectionVars = {}, options: Partial<SshTransportOptions> = {}) =>
    lab.openSsh(options).connect({ name: 'router-a', connection: lab.vars(connection) });

  describe('is let in', () => {
    test('by a key', async () => {
      const session = await connect(withKey());
      expect(session.connection).toEqual({ clientAddress: '127.0.0.1', serverAddress: '127.0.0.1' });
      expect(await uidOf(session)).toBe('0\n');
    });

    test('by an encrypted key, whose passphrase is asked for once for all hosts', async () => {
      const { questions, terminal } = answering('open sesame');
      const shared = lab.openSsh({ terminal });
      const connection = lab.vars({ privateKeyFile: join(lab.folder, 'encrypted') });
      for (const name of ['a', 'b', 'c']) expect(await uidOf(await shared.connect({ name, connection }))).toBe('0\n');
      expect(questions).toEqual([`Enter passphrase for key '${join(lab.folder, 'encrypted')}': `]);
    });

    test('by an agent', async () => {
      const agent = await startAgent(lab.folder, [lab.key]);
      try {
        const env = { PATH: process.env.PATH, SSH_AUTH_SOCK: agent.socket };
        expect(await uidOf(await connect({}, { env }))).toBe('0\n');
      } finally {
        agent.stop();
      }
    });

    test('by the password of the inventory', async () => {
      expect(await uidOf(await connect({ password: new Secret(lab.root.password) }))).toBe('0\n');
    });

    test('by a password that is typed', async () => {
      const { questions, terminal } = answering(lab.root.password);
      expect(await uidOf(await connect({}, { terminal }))).toBe('0\n');
      expect(questions).toEqual([`${lab.root.name}@127.0.0.1's password: `]);
    });

    test('by keyboard-interactive', async () => {
      const strict = await startSshd({
        folder: lab.folder,
        authorizedKeys: [],
        lines: ['UsePAM yes', 'PasswordAuthentication no', 'KbdInteractiveAuthentication yes'],
      });
      try {
        lab.writeKnownHosts(`[127.0.0.1]:${strict.port} ${strict.hostKeys[0]}\n`);
        expect(await uidOf(await connect({ port: strict.port, password: new Secret(lab.root.password) }))).toBe('0\n');
      } finally {
        await strict.stop();
      }
    });
  });

  describe('fails with a code', () => {
    test.each([
      ['ssh.unreachable', async () => ({ ...withKey(), port: await freePort() })],
      ['ssh.unreachable', async () => ({ ...withKey(), host: 'no-such-host.invalid' })],
      ['ssh.unreachable', async () => ({ ...withKey(), sshOptions: [{ name: 'ProxyCommand', value: 'sh -c "echo no way out >&2; exit 1"' }] })],
      ['ssh.auth-refused', async () => ({ privateKeyFile: makeKey(lab.folder, `wrong-${Date.now()}`) })],
      ['ssh.auth-refused', async () => ({ password: new Secret('wr0ng') })],
      ['ssh.unsupported', async () => ({ ...withKey(), sshOptions: [{ name: 'Ciphers', value: 'aes256-cbc' }] })],
      ['ssh.unsupported', async () => ({ ...withKey(), sshOptions: [{ name: 'Ciphers', value: 'nonsense' }] })],
    ] as const)('%s', async (code, variables) => {
      const failure = await failureOf(connect(await variables()));
      expect(failure).toMatchObject({ code, host: 'router-a' });
      expect(`${JSON.stringify(failure)}${failure.stack}`).not.toContain('wr0ng');
    });

    test('and the words of a ProxyCommand', async () => {
      const failure = await failureOf(
        connect({ ...withKey(), sshOptions: [{ name: 'ProxyCommand', value: 'sh -c "echo no way out >&2; exit 1"' }] }),
      );
      expect(failure.message).toContain('no way out');
    });

    test('an unknown host key', async () => {
      lab.writeKnownHosts('');
      expect((await failureOf(connect(withKey()))).code).toBe('ssh.host-key-unknown');
    });

    test('a changed one, which names the line', async () => {
      lab.writeKnownHosts(`[127.0.0.1]:${lab.sshd.port} ${publicKeyOf(lab.key)}\n`);
      expect(await failureOf(connect(withKey()))).toMatchObject({ code: 'ssh.host-key-changed', message: expect.stringContaining('known_hosts:1') });
    });

    test('a changed one that nobody checks, before the password for sudo', async () => {
      lab.writeKnownHosts(`[127.0.0.1]:${lab.sshd.port} ${publicKeyOf(lab.key)}\n`);
      const sshOptions = [{ name: 'StrictHostKeyChecking', value: 'no' }];
      expect(await uidOf(await connect({ ...withKey(), sshOptions }))).toBe('0\n');
      const become = { method: 'sudo' as const, password: new Secret('never sent') };
      expect((await failureOf(connect({ ...withKey(), sshOptions, become }))).code).toBe('ssh.host-key-changed');
    });

    test('a revoked one that nobody checks, before the password for sudo', async () => {
      lab.know(0, '@revoked *');
      const sshOptions = [{ name: 'StrictHostKeyChecking', value: 'no' }];
      const become = { method: 'sudo' as const, password: new Secret('never sent') };
      expect((await failureOf(connect({ ...withKey(), sshOptions, become }))).code).toBe('ssh.host-key-revoked');
    });

    test.each([
      ['ssh.host-key-changed', '@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @'],
      ['ssh.host-key-revoked', '@       WARNING: REVOKED HOST KEY DETECTED!               @'],
    ])('%s, however much the host makes ssh say behind the warning of it', async (code, warning) => {
      const env = { PATH: `${careless(lab.folder, warning)}:${process.env.PATH}` };
      const become = { method: 'sudo' as const, password: new Secret('never sent') };
      expect((await failureOf(connect({ ...withKey(), become }, { env }))).code).toBe(code);
    });

    test('a revoked one', async () => {
      lab.know(0, '@revoked *');
      expect((await failureOf(connect(withKey()))).code).toBe('ssh.host-key-revoked');
    });

    test('an abort in the middle of the login', async () => {
      const abort = new AbortController();
      const connecting = failureOf(lab.openSsh().connect({ name: 'router-a', connection: lab.vars(withKey()) }, abort.signal));
      abort.abort();
      expect(await connecting).toMatchObject({ code: 'run.interrupted' });
    });
  });

  test('asks about an unknown host key', async () => {
    lab.writeKnownHosts('');
    const { questions, terminal } = answering('yes');
    expect(await uidOf(await connect(withKey(), { terminal }))).toBe('0\n');
    expect(questions).toEqual([expect.stringMatching(/fingerprint[\s\S]*yes\/no/u)]);
    expect(readFileSync(join(lab.home, '.ssh', 'known_hosts'), 'utf8')).toContain('ssh-ed25519');
  });

  describe('carries a session', () => {
    test('of five megabytes there and back', async () => {
      const session = await connect(withKey());
      const { stdout } = await session.run(`cat <<'END'\n${'y'.repeat(5_000_000)}\nEND`);
      expect(stdout).toHaveLength(5_000_001);
      await session.close();
    });

    test('with an opening script together with the request', async () => {
      const session = await lab.openSsh().connect({ name: 'router-a', connection: lab.vars(withKey()) }, undefined, 'echo first; x=1');
      expect((await session.opening)?.stdout).toBe('first\n');
      expect(await session.run('echo $x; echo err >&2; return 3')).toEqual({ status: 3, stdout: '1\n', stderr: 'err\n' });
      await session.close();
    });

    test('to its end, after which nothing of it is left', async () => {
      const shared = lab.openSsh({ env: { PATH: process.env.PATH, XDG_RUNTIME_DIR: lab.folder } });
      const session = await shared.connect({ name: 'router-a', connection: lab.vars(withKey()) });
      const left = () => readdirSync(lab.folder).filter((name) => name.startsWith('tunorch-'));
      expect(left()).toHaveLength(1);
      await session.close();
      await shared.close();
      expect(left()).toEqual([]);
    });
  });

  describe('loses a session', () => {
    test('whose shell is killed', async () => {
      const session = await connect(withKey());
      expect(await failureOf(session.run('kill -9 $$'))).toMatchObject({ code: 'shell.killed' });
    });

    test('whose sshd is killed in the middle of a phase', async () => {
      const session = await connect(withKey());
      expect(await failureOf(session.run('kill -9 $PPID; sleep 20'))).toMatchObject({ code: 'ssh.connection-lost' });
    });

    test('that stops answering', async () => {
      const sshOptions = [
        { name: 'ServerAliveInterval', value: '1' },
        { name: 'ServerAliveCountMax', value: '1' },
      ];
      const session = await connect({ ...withKey(), sshOptions });
      const pid = Number((await session.run('echo $PPID')).stdout);
      process.kill(pid, 'SIGSTOP');
      try {
        expect(await failureOf(session.run('true'))).toMatchObject({
          code: 'ssh.connection-lost',
          message: expect.stringContaining('not responding'),
        });
      } finally {
        process.kill(pid, 'SIGKILL');
      }
    });
  });
});

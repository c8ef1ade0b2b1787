import { execFileSync } from 'node:child_process';
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ConnectionVars } from '../../src/domain/host.ts';
import { describeOpenSsh, uidOf } from './fixture.ts';
import { makeKey, publicKeyOf, type Sshd, type SshdOptions, startSshd } from './sshd.ts';

describeOpenSsh('what ssh2 cannot do goes by the ssh of the system', (lab) => {
  async function withSshd(options: Partial<SshdOptions>, use: (sshd: Sshd) => Promise<void>): Promise<void> {
    const sshd = await startSshd({ folder: lab.folder, authorizedKeys: [publicKeyOf(lab.key)], ...options });
    try {
      await use(sshd);
    } finally {
      await sshd.stop();
    }
  }

  async function expectChosen(connection: ConnectionVars): Promise<void> {
    const lines: string[] = [];
    const transport = lab.choosing({ log: (_host, line) => lines.push(line) });
    expect(await uidOf(await transport.connect({ name: 'router-a', connection: lab.vars(connection) }))).toBe('0\n');
    expect(lines.join('\n')).toContain("the system's ssh");
  }

  const heardBy = (sshd: Sshd) => {
    const pieces: string[] = [];
    sshd.process.stderr?.on('data', (piece: Buffer) => pieces.push(piece.toString()));
    return () => pieces.join('').match(/Accepted publickey/gu)?.length ?? 0;
  };

  test('a user certificate beside its key', async () => {
    const [authority, user, trusted] = [makeKey(lab.folder, 'user-authority'), makeKey(lab.folder, 'certified'), join(lab.folder, 'trusted')];
    execFileSync('ssh-keygen', ['-q', '-s', authority, '-I', 'user', '-n', lab.root.name, `${user}.pub`]);
    writeFileSync(trusted, `${publicKeyOf(authority)}\n`);
    await withSshd({ authorizedKeys: [], lines: [`TrustedUserCAKeys ${trusted}`] }, async (sshd) => {
      lab.writeKnownHosts(`[127.0.0.1]:${sshd.port} ${sshd.hostKeys[0]}\n`);
      await expectChosen({ port: sshd.port, privateKeyFile: user });
    });
  });

  test('a host certificate that only an authority vouches for', async () => {
    const [authority, hostKey] = [makeKey(lab.folder, 'host-authority'), makeKey(lab.folder, 'certified-host')];
    execFileSync('ssh-keygen', ['-q', '-s', authority, '-I', 'host', '-h', '-n', '127.0.0.1', `${hostKey}.pub`]);
    await withSshd({ lines: [`HostKey ${hostKey}`, `HostCertificate ${hostKey}-cert.pub`] }, async (sshd) => {
      lab.writeKnownHosts(`@cert-authority [127.0.0.1]:${sshd.port} ${publicKeyOf(authority)}\n`);
      await expectChosen({ port: sshd.port, privateKeyFile: lab.key });
    });
  });

  test('a host that takes post-quantum key exchange only, after ssh2 found nothing in common with it', async () => {
    await withSshd({ lines: ['KexAlgorithms sntrup761x25519-sha512@openssh.com'] }, async (sshd) => {
      lab.writeKnownHosts(`[127.0.0.1]:${sshd.port} ${sshd.hostKeys[0]}\n`);
      await expectChosen({ port: sshd.port, privateKeyFile: lab.key });
    });
  });

  test('a ProxyCommand', async () => {
    const known = join(lab.home, '.ssh', 'known_hosts');
    const value = `ssh -F none -i ${lab.key} -o UserKnownHostsFile=${known} -p %p -l ${lab.root.name} -W 127.0.0.1:%p %h`;
    await expectChosen({ privateKeyFile: lab.key, sshOptions: [{ name: 'ProxyCommand', value }] });
  });

  test.each([1, 2])('a chain of %i jump hosts, by one connection each for all hosts behind it', async (length) => {
    const behind = heardBy(lab.sshd);
    await withSshd({}, async (sshd) => {
      const first = heardBy(sshd);
      appendFileSync(join(lab.home, '.ssh', 'known_hosts'), `[127.0.0.1]:${sshd.port} ${sshd.hostKeys[0]}\n`);
      lab.writeConfig(`IdentityFile ${lab.key}\n`);
      const value = [sshd.port, lab.sshd.port].slice(0, length).map((port) => `${lab.root.name}@127.0.0.1:${port}`);
      const connection = lab.vars({ sshOptions: [{ name: 'ProxyJump', value: value.join(',') }] });
      const shared = lab.openSsh();
      const sessions = await Promise.all(Array.from({ length: 6 }, (_, index) => shared.connect({ name: `inner-${index}`, connection })));
      for (const session of sessions) expect(await uidOf(session)).toBe('0\n');
      await shared.close();
      expect([first(), behind()]).toEqual([1, 6 + length - 1]);
    });
  });
});

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ConnectionVars } from '../../../../src/domain/host.ts';
import { resolveSettings, settingsOfJump } from '../../../../src/transport/ssh/resolve-settings.ts';

let homeDir = '';
beforeEach(() => {
  homeDir = mkdtempSync(join(tmpdir(), 'tunorch-home-'));
  mkdirSync(join(homeDir, '.ssh'));
});
afterEach(() => rmSync(homeDir, { recursive: true, force: true }));

const environment = (env: Record<string, string> = {}) => ({
  homeDir,
  env,
  controllerUser: 'me',
  connectTimeoutMs: 10_000,
  systemDir: join(homeDir, 'etc'),
});
const resolve = (connection: ConnectionVars, env?: Record<string, string>) => resolveSettings({ name: 'router-a', connection }, environment(env));
const configure = (text: string) => writeFileSync(join(homeDir, '.ssh', 'config'), text);

describe('without any configuration', () => {
  test('a host is dialled by its name, on port 22, as the user of this machine', async () => {
    expect(await resolve({})).toMatchObject({ hostName: 'router-a', port: 22, user: 'me', hostKeyPolicy: 'ask', keepaliveIntervalMs: 15_000 });
  });

  test('the agent is that of SSH_AUTH_SOCK', async () => {
    expect((await resolve({}, { SSH_AUTH_SOCK: '/run/agent' })).agentSocket).toBe('/run/agent');
    expect((await resolve({}, { SSH_AUTH_SOCK: '' })).agentSocket).toBeUndefined();
  });

  test('the files are those of the home folder given', async () => {
    const { identityFiles, userKnownHostsFiles } = await resolve({});
    expect(identityFiles.map(({ path, origin }) => [path, origin])).toContainEqual([join(homeDir, '.ssh/id_ed25519'), 'default']);
    expect(userKnownHostsFiles[0]).toBe(join(homeDir, '.ssh/known_hosts'));
  });
});

describe('the variables of the host', () => {
  test('come before ssh_config', async () => {
    configure('User config\nPort 1\nHostName 192.0.2.99\nIdentityFile ~/.ssh/config-key\n');
    const settings = await resolve({ host: '192.0.2.1', port: 2222, user: 'ops', privateKeyFile: '~/keys/router' });
    expect(settings).toMatchObject({ hostName: '192.0.2.99', port: 2222, user: 'ops' });
    expect(settings.identityFiles).toEqual([
      { path: join(homeDir, 'keys/router'), origin: 'inventory' },
      { path: join(homeDir, '.ssh/config-key'), origin: 'configuration' },
    ]);
  });

  test('that name a file of OpenSSH name it for jump hosts as well', async () => {
    const file = join(homeDir, 'lab.conf');
    writeFileSync(file, 'Host router-a\nProxyJump bastion\nHost bastion\nHostName 192.0.2.9\n');
    const { jumps } = await resolve({ sshOptions: [{ name: '-F', value: file }] });
    expect(jumps).toEqual([{ host: 'bastion', configFile: file }]);
    expect(await settingsOfJump(jumps, environment())).toMatchObject({ name: 'bastion', hostName: '192.0.2.9', jumps: [] });
  });

  test('come before the SSH arguments, which come before ssh_config', async () => {
    configure('User config\nConnectTimeout 3\n');
    const sshOptions = [
      { name: 'Port', value: '3' },
      { name: 'user', value: 'argument' },
      { name: '-J', value: 'bastion' },
    ];
    expect(await resolve({ port: 2, sshOptions })).toMatchObject({ port: 2, user: 'argument', connectTimeoutMs: 3000, jumps: [{ host: 'bastion' }] });
  });

  test('may name another configuration file', async () => {
    configure('User config\n');
    const other = join(homeDir, 'other');
    writeFileSync(other, 'User other\n');
    expect(await resolve({ sshOptions: [{ name: '-F', value: other }] })).toMatchObject({ user: 'other' });
    expect(await resolve({ sshOptions: [{ name: 'ConfigFile', value: 'none' }] })).toMatchObject({ user: 'me' });
  });

  test('decide together with blocks of ssh_config that only ssh -G resolves', async () => {
    configure('Host 192.0.2.1\n  User block\n  UserKnownHostsFile ~/.ssh/other_hosts\nMatch host 192.0.2.1 user block\n  ConnectTimeout 4\n');
    const settings = await resolve({ host: '192.0.2.1', privateKeyFile: join(homeDir, 'a key') });
    expect(settings).toMatchObject({ user: 'block', connectTimeoutMs: 4000, userKnownHostsFiles: [join(homeDir, '.ssh/other_hosts')] });
    expect(settings.identityFiles).toEqual([{ path: join(homeDir, 'a key'), origin: 'inventory' }]);
  });
});

describe('what ssh2 cannot follow is named', () => {
  test.each([
    ['ProxyCommand', 'nc %h %p', ['ProxyCommand']],
    ['ProxyCommand', 'none', []],
    ['PKCS11Provider', '/lib/x.so', ['PKCS11Provider']],
    ['RevokedHostKeys', '/etc/revoked', ['RevokedHostKeys']],
    ['VerifyHostKeyDNS', 'ask', []],
  ])('%s %s', async (name, value, expected) => {
    expect((await resolve({ sshOptions: [{ name, value }] })).onlyOpenSsh).toEqual(expected);
  });

  test('GSSAPI where there is a ticket', async () => {
    const sshOptions = [{ name: 'GSSAPIAuthentication', value: 'yes' }];
    expect((await resolve({ sshOptions }, { KRB5CCNAME: 'KCM:' })).onlyOpenSsh).toEqual(['GSSAPIAuthentication']);
    expect((await resolve({}, { KRB5CCNAME: 'KCM:' })).onlyOpenSsh).toEqual([]);
  });
});

describe('what cannot be done is refused by name', () => {
  test.each([
    [{ sshOptions: [{ name: 'NoSuchOption', value: '/lib/x.so' }] }, 'NoSuchOption'],
    [{ sshOptions: [{ name: 'Port', value: 'ssh' }] }, '«ssh»'],
    [{ sshOptions: [{ name: 'ProxyJump', value: '-oProxyCommand=x' }] }, 'ProxyJump'],
    [{ sshOptions: [{ name: 'IdentityFile', value: '/k/%Z' }] }, '%Z'],
    [{ host: '-oProxyCommand=reboot' }, 'no address'],
    [{ host: '192.0.2.1 ssh-ed25519 AAAA\n*' }, 'no name'],
    [{ sshOptions: [{ name: 'HostKeyAlias', value: 'a,*' }] }, 'no name'],
  ])('%j', async (connection, words) => {
    await expect(resolve(connection)).rejects.toMatchObject({ code: 'ssh.unsupported', message: expect.stringContaining(words) });
  });

  test('a configuration that ssh itself refuses', async () => {
    configure('Host router-a\n  NoSuchOption yes\n');
    await expect(resolve({})).rejects.toMatchObject({ code: 'ssh.unsupported', message: expect.stringContaining('nosuchoption') });
  });
});

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Host } from '../../../../src/domain/host.ts';
import { chooseAlgorithms } from '../../../../src/transport/ssh/algorithms.ts';
import { askOpenSsh } from '../../../../src/transport/ssh/ask-openssh.ts';
import { readConfigFiles } from '../../../../src/transport/ssh/config-files.ts';
import { collectOptions, type OptionLine } from '../../../../src/transport/ssh/option-values.ts';
import { settingsFrom } from '../../../../src/transport/ssh/resolve-settings.ts';

const hasSsh = spawnSync('ssh', ['-V']).error === undefined;

/** Files of ssh_config, each asked about for the hosts beside it. */
const CONFIGURATIONS: readonly { readonly title: string; readonly text: string; readonly hosts: readonly string[] }[] = [
  { title: 'nothing', text: '', hosts: ['router-a'] },
  { title: 'comments and empty lines', text: '# a comment\n\n  # another\n', hosts: ['router-a'] },
  { title: 'options for all', text: 'User ops\nPort 2222\n', hosts: ['router-a'] },
  { title: 'one host', text: 'Host router-a\n  HostName 192.0.2.1\n  User ops\n  Port 2200\n', hosts: ['router-a', 'router-b'] },
  { title: 'the first value counts', text: 'Host router-*\n  Port 1\nHost router-a\n  Port 2\nHost *\n  Port 3\n', hosts: ['router-a', 'x'] },
  { title: 'several patterns', text: 'Host a b router-?\n  User ops\n', hosts: ['a', 'b', 'router-c', 'router-cc'] },
  { title: 'excluded hosts', text: 'Host * !router-b !*.test\n  User ops\n', hosts: ['router-a', 'router-b', 'x.test'] },
  { title: 'only an exclusion', text: 'Host !router-b\n  User ops\n', hosts: ['router-a', 'router-b'] },
  { title: 'equals signs', text: 'Host=router-a\nPort=2222\nUser = ops\n', hosts: ['router-a'] },
  { title: 'quotes', text: 'Host "router-a"\n  IdentityFile "/keys/my key"\n  User "ops"\n', hosts: ['router-a'] },
  { title: 'keywords in any case', text: 'HOST router-a\n  hOsTnAmE 192.0.2.1\n  PORT 2222\n', hosts: ['router-a'] },
  { title: 'tabs and trailing blanks', text: 'Host\trouter-a\t\n\tPort\t2222  \n', hosts: ['router-a'] },
  { title: 'line ends of Windows', text: 'Host router-a\r\n  Port 2222\r\n  User ops\r\n', hosts: ['router-a'] },
  { title: 'tokens of HostName', text: 'Host router-*\n  HostName %h.example.net\n', hosts: ['router-a'] },
  { title: 'several identity files', text: 'IdentityFile ~/.ssh/one\nIdentityFile ~/.ssh/two\nIdentitiesOnly yes\n', hosts: ['router-a'] },
  {
    title: 'identity files that add up over blocks',
    text: 'Host router-a\n  IdentityFile /k/a\nHost *\n  IdentityFile /k/all\n',
    hosts: ['router-a', 'b'],
  },
  { title: 'the same identity file twice', text: 'IdentityFile /k/a\nIdentityFile /k/a\n', hosts: ['router-a'] },
  { title: 'tokens of paths', text: 'User ops\nIdentityFile ~/.ssh/%h-%r-%p-%n\nUserKnownHostsFile ~/.ssh/known_%k\n', hosts: ['router-a'] },
  { title: 'a jump host', text: 'Host inner\n  ProxyJump ops@bastion:2222\n', hosts: ['inner', 'bastion'] },
  { title: 'a chain of jump hosts', text: 'ProxyJump one,ssh://user@two:22,[2001:db8::1]:2200\n', hosts: ['inner'] },
  { title: 'no jump host', text: 'Host bastion\n  ProxyJump none\nHost *\n  ProxyJump bastion\n', hosts: ['bastion', 'inner'] },
  {
    title: 'policies of host keys',
    text: 'Host a\n  StrictHostKeyChecking accept-new\nHost b\n  StrictHostKeyChecking no\nHost c\n  StrictHostKeyChecking yes\nHost d\n  StrictHostKeyChecking off\n',
    hosts: ['a', 'b', 'c', 'd', 'e'],
  },
  {
    title: 'files of host keys',
    text: 'UserKnownHostsFile /k/one /k/two\nGlobalKnownHostsFile /dev/null\nHashKnownHosts yes\nHostKeyAlias cluster\n',
    hosts: ['router-a'],
  },
  { title: 'times', text: 'ConnectTimeout 7\nServerAliveInterval 20\nServerAliveCountMax 5\n', hosts: ['router-a'] },
  { title: 'addresses', text: 'Host a\n  AddressFamily inet6\nHost b\n  AddressFamily inet\n  BindAddress 192.0.2.5\n', hosts: ['a', 'b', 'c'] },
  {
    title: 'methods',
    text: 'PasswordAuthentication no\nKbdInteractiveAuthentication no\nPubkeyAuthentication yes\nBatchMode yes\n',
    hosts: ['router-a'],
  },
  { title: 'agents', text: 'Host a\n  IdentityAgent none\nHost b\n  IdentityAgent ~/agent.sock\n', hosts: ['a', 'b', 'c'] },
  {
    title: 'algorithms',
    text: 'KexAlgorithms ecdh-sha2-nistp256,curve25519-sha256\nHostKeyAlgorithms +ssh-rsa\nCiphers -aes*-gcm*\nMACs ^hmac-sha2-512\n',
    hosts: ['router-a'],
  },
  {
    title: 'options without effect',
    text: 'ForwardAgent yes\nControlMaster auto\nControlPath ~/.ssh/%C\nSendEnv LANG LC_*\nLogLevel ERROR\nUser ops\n',
    hosts: ['router-a'],
  },
  { title: 'a file of its own for some hosts', text: 'Include included/*.conf\nHost *\n  Port 3\n', hosts: ['router-a', 'b'] },
  { title: 'an Include within a block', text: 'Host router-a\n  Include included/a.conf\nHost *\n  Port 3\n', hosts: ['router-a', 'b'] },
];

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tunorch-config-'));
  mkdirSync(join(folder, 'included'));
  writeFileSync(join(folder, 'included', 'a.conf'), 'Host router-a\n  User from-include\n  Port 2201\n');
  writeFileSync(join(folder, 'included', 'b.conf'), 'Host *\n  ConnectTimeout 9\n');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const environment = () => ({ homeDir: userInfo().homedir, env: {}, controllerUser: userInfo().username, connectTimeoutMs: 10_000 });
const hostNamed = (name: string): Host => ({ name, connection: {} });

function settings(lines: readonly OptionLine[], name: string) {
  const { identityFiles, algorithms, ...rest } = settingsFrom(collectOptions(lines), hostNamed(name), environment());
  return { ...rest, identityFiles: identityFiles.filter(({ origin }) => origin !== 'default'), algorithms: chooseAlgorithms(algorithms, new Set()) };
}

const cases = CONFIGURATIONS.flatMap(({ title, text, hosts }) => hosts.map((host) => ({ title, text, host })));

describe.runIf(hasSsh)(`the own reader and ssh -G, over ${CONFIGURATIONS.length} configurations`, () => {
  test.each(cases)('agree on «$title» for $host', async ({ text, host }) => {
    const path = join(folder, 'config');
    writeFileSync(path, text.replaceAll('Include included', `Include ${folder}/included`));
    const own = readConfigFiles([path], host, userInfo().homedir);
    const answer = await askOpenSsh({ host, options: [], configFile: path });
    expect(own.beyond).toBeUndefined();
    expect(answer.kind).toBe('options');
    if (answer.kind === 'options') expect(settings(own.lines, host)).toEqual(settings(answer.lines, host));
  });
});

describe('the own reader', () => {
  test('says which line only OpenSSH can follow', () => {
    const path = join(folder, 'beyond');
    writeFileSync(path, 'Match exec "test -e /x"\n  User ops\nHost *\n  CanonicalizeHostname yes\n');
    expect(readConfigFiles([path], 'router-a', folder)).toMatchObject({ beyond: 'Match exec test -e /x', lines: [] });
  });

  test.each([
    ['Host *\n  SendEnv LANG LC_*\n  HashKnownHosts yes\n  GSSAPIAuthentication yes\n', false],
    ['User ops\n', false],
    ['Host router-*\n  User ops\n', true],
  ])('knows whether %j depends on the host', (text, isPerHost) => {
    const path = join(folder, 'stock');
    writeFileSync(path, text);
    expect(readConfigFiles([path, join(folder, 'absent')], 'router-a', folder).isPerHost).toBe(isPerHost);
  });

  test('ends at a file that includes itself', () => {
    const path = join(folder, 'endless');
    writeFileSync(path, `Include ${path}\nUser ops\n`);
    expect(readConfigFiles([path], 'router-a', folder).lines.length).toBeLessThan(40);
  });
});

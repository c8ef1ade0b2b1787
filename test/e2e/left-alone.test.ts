import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { runCommand } from '../../src/lab/command.ts';
import { cutManagement, restoreManagement } from '../../src/lab/faults.ts';
import { findGuest } from '../../src/lab/lab-inventory.ts';
import { eventsOf, onlyTunnel, tunorch, tunorchText } from './scenario-program.ts';
import { expectUnchanged, type Snapshot } from './scenario-snapshot.ts';
import { type Draft, fromEnvironment, type Scenario, stageExample } from './scenario-stage.ts';

let scenario: Scenario;
let before: ReadonlyMap<string, Snapshot>;

interface Expected {
  readonly code: string;
  readonly says: RegExp;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** What gives the host back to whoever looks at it afterwards. */
  readonly repair?: () => Promise<void>;
}

/** An inventory in which host-b alone has other connection variables. */
function inventoryWith(vars: Draft): Promise<string> {
  return scenario.write((draft) => Object.assign(draft.all.hosts['host-b'], vars));
}

/** Exit 4, one message, and no host was even prepared. */
async function expectLeftAlone(inventory: string, { code, says, args = [], env = {}, repair }: Expected): Promise<void> {
  const run = await tunorch(['up', inventory, ...args], { env });
  await repair?.();
  expect(run.status, run.stdout + run.stderr).toBe(4);
  expect(onlyTunnel(run)).toMatchObject({ outcome: 'unreachable', changes: 0, problems: [{ code, host: 'host-b' }] });
  expect(onlyTunnel(run).problems).toHaveLength(1);
  expect(onlyTunnel(run).problems[0]?.message).toMatch(says);
  expect(onlyTunnel(run).problems[0]?.hint).not.toBe('');
  expect(eventsOf(run, 'step')).toEqual([]);
  expect(eventsOf(run, 'host-phase').map(({ phase }) => phase)).not.toContain('prepare');
  await expectUnchanged(scenario.lab, before);
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

async function newKey(name: string): Promise<string> {
  const path = join(dirname(scenario.inventory), name);
  await runCommand(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', path]);
  return path;
}

async function knownHosts(text: string): Promise<Draft> {
  const path = join(dirname(scenario.inventory), 'known_hosts');
  await writeFile(path, text);
  return { ansible_ssh_common_args: `-o UserKnownHostsFile=${path} -o GlobalKnownHostsFile=/dev/null` };
}

beforeAll(async () => {
  scenario = await stageExample('two-hosts');
  before = await scenario.look();
});

describe('a host that cannot be reached', () => {
  it('is left alone, and its peer, when nobody listens on its port', async () => {
    const ansible_port = await freePort();
    await expectLeftAlone(await inventoryWith({ ansible_port }), { code: 'ssh.unreachable', says: /refuses connections/ });
  });

  it('is left alone, and its peer, when it does not answer in time', async () => {
    await cutManagement(scenario.lab, 'host-b');
    onTestFinished(() => restoreManagement(scenario.lab, 'host-b'));
    const repair = () => restoreManagement(scenario.lab, 'host-b');
    await expectLeftAlone(scenario.inventory, {
      code: 'ssh.timeout',
      says: /127\.0\.0\.1 port \d+ did not answer/,
      args: ['--timeout', '2'],
      repair,
    });
  });

  it('is left alone, and its peer, when it does not accept the key', async () => {
    const ansible_ssh_private_key_file = await newKey('stranger');
    await expectLeftAlone(await inventoryWith({ ansible_ssh_private_key_file }), {
      code: 'ssh.auth-refused',
      says: /no key was accepted for root \(tried .*stranger\)/,
    });
  });

  it('is left alone, and its peer, when its host key is another than known', async () => {
    const { port } = findGuest(scenario.lab, 'host-b');
    const vars = await knownHosts(`[127.0.0.1]:${port} ${findGuest(scenario.lab, 'router').hostKey}\n`);
    await expectLeftAlone(await inventoryWith(vars), { code: 'ssh.host-key-changed', says: /has changed, or somebody stands between/ });
  });

  it('is left alone, and its peer, when its host key is not known and there is no terminal to ask', async () => {
    await expectLeftAlone(await inventoryWith(await knownHosts('')), { code: 'ssh.host-key-unknown', says: /is not known: ED25519 SHA256:/ });
  });

  it('is told in one line to people', async () => {
    const { status, stdout } = await tunorchText(['up', await inventoryWith(await knownHosts(''))]);
    expect(status).toBe(4);
    expect(stdout).toMatch(/^✗ host-b: ssh\.host-key-unknown: the host key of .* is not known/m);
    expect(stdout).toContain('nothing was changed');
  });
});

describe('a host on which tunorch cannot be root', () => {
  it.each([
    ['the user is not root and become is off', { ansible_user: 'plain' }, 'become.refused', /uid \d+, not as root/],
    ['the user may not use sudo', { ansible_user: 'plain', ansible_become: true }, 'become.password-missing', /sudo wants a password/],
    ['sudo wants a password and none was given', { ansible_user: 'ops', ansible_become: true }, 'become.password-missing', /none was given/],
    [
      'sudo wants another password',
      { ansible_user: 'ops', ansible_become: true, ansible_become_password: fromEnvironment('SUDO_PASSWORD') },
      'become.password-wrong',
      /did not accept/,
    ],
  ] as const)('is left alone, and its peer, when %s', async (_, vars, code, says) => {
    await expectLeftAlone(await inventoryWith(vars), { code, says, env: { SUDO_PASSWORD: 'a wrong one' } });
  });
});

describe('a host whose kernel cannot do it', () => {
  it.each([
    [
      'an install rule forbids the module',
      "echo 'install ip_gre /bin/false' >/etc/modprobe.d/e2e.conf",
      'rm /etc/modprobe.d/e2e.conf',
      /`install` rule/,
    ],
    ['the module is blacklisted', "echo 'blacklist ip_gre' >/etc/modprobe.d/e2e.conf", 'rm /etc/modprobe.d/e2e.conf', /blacklisted/],
    ['there is no such module', 'mount -t tmpfs none /lib/modules/$(uname -r)', 'umount /lib/modules/$(uname -r)', /no such module/],
    [
      'the kernel was upgraded and runs on without its modules',
      'mount -t tmpfs none /lib/modules && mkdir /lib/modules/99.9',
      'umount /lib/modules',
      /not rebooted since/,
    ],
  ])('is left alone, and its peer, when %s', async (_, wrong, right, says) => {
    onTestFinished(async () => void (await scenario.sh('host-b', right)));
    await scenario.sh('host-b', wrong);
    await expectLeftAlone(scenario.inventory, { code: 'host.kernel-support', says });
    expect(await scenario.sh('host-a', 'grep -c ^ip_gre /proc/modules || true')).toBe('0\n');
  });
});

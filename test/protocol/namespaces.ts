import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startDelayedLink } from './delayed-link.ts';
import { makeFolder, makeKey, publicKeyOf, removeFolder, untilListening, whyNoSshd } from './sshd.ts';

/** Hosts on the kernel of this machine: network namespaces with an sshd each, joined by a router. */
export interface Namespaces {
  readonly names: readonly string[];
  /** Also a home, whose ~/.ssh/config knows the hosts by their names. */
  readonly folder: string;
  /** Private key that every host takes for root. */
  readonly key: string;
  readonly knownHosts: string;
  address(host: string): string;
  /** Where the program runs: on the router, or a delayed link away from it. */
  readonly controller: string;
  /** Runs a program on a host, the router or the controller. */
  on(host: string, ...argv: readonly string[]): { readonly status: number; readonly stdout: string; readonly stderr: string };
  /** The name of its namespace. */
  space(host: string): string;
  stop(): void;
}

/** Why namespaces cannot be hosts here; undefined when they can. */
export function whyNoNamespaces(): string | undefined {
  const obstacle = whyNoSshd();
  if (obstacle !== undefined) return obstacle;
  const probe = `tunorch-probe-${process.pid}`;
  try {
    ip('netns', 'add', probe);
    ip('-n', probe, 'link', 'add', 'v0', 'type', 'veth', 'peer', 'name', 'v1');
    ip('-n', probe, 'link', 'add', 'x0', 'type', 'vxlan', 'id', '1', 'remote', '192.0.2.1', 'dstport', '4789');
    return undefined;
  } catch {
    return 'this kernel or this user may not make namespaces with veth and vxlan';
  } finally {
    spawnSync('ip', ['netns', 'delete', probe], { stdio: 'ignore' });
  }
}

/** What a run's events say went wrong, for the message of a test that fails. */
export function problemsIn(
  events: readonly { readonly type: string; readonly host?: string; readonly message?: string; readonly problem?: object }[],
): readonly string[] {
  const told = events.filter(({ type }) => type === 'host-failed' || type === 'problem');
  return told.map(({ host, message, problem }) => (problem === undefined ? `${host}: ${message}` : JSON.stringify(problem)));
}

/**
 * Starts as many hosts as there are names; each has an address of its own and reaches the others over the router.
 *
 * @param delayMs - what every frame between the controller and the hosts takes, each way
 */
export async function startNamespaces(names: readonly string[], delayMs = 0): Promise<Namespaces> {
  const folder = makeFolder();
  const key = makeKey(folder, 'key');
  const hostKey = makeKey(folder, 'host-key');
  const prefix = `tunorch-${process.pid}`;
  const space = (host: string) => `${prefix}-${host}`;
  const address = (host: string) => `${network(names.indexOf(host) + 1)}.2`;
  const controller = delayMs === 0 ? 'router' : 'controller';
  const servers: ChildProcess[] = [];
  const stop = () => {
    for (const server of servers) server.kill('SIGTERM');
    for (const host of ['router', 'controller', ...names]) spawnSync('ip', ['netns', 'delete', space(host)], { stdio: 'ignore' });
    removeFolder(folder);
  };
  try {
    mkdirSync('/run/sshd', { recursive: true });
    writeFileSync(join(folder, 'authorized'), `${publicKeyOf(key)}\n`);
    writeFileSync(join(folder, 'known_hosts'), names.map((host) => `${address(host)} ${publicKeyOf(hostKey)}\n`).join(''));
    writeFileSync(join(folder, 'sshd_config'), configOf(folder, hostKey));
    mkdirSync(join(folder, '.ssh'));
    const options = `User root\nIdentityFile ${key}\nUserKnownHostsFile ${join(folder, 'known_hosts')}\n`;
    writeFileSync(join(folder, '.ssh', 'config'), names.map((host) => `Host ${host}\nHostName ${address(host)}\n${options}`).join(''));
    ip('netns', 'add', space('router'));
    ip('-n', space('router'), 'link', 'set', 'lo', 'up');
    execFileSync('ip', ['netns', 'exec', space('router'), 'sh', '-c', 'echo 1 >/proc/sys/net/ipv4/ip_forward']);
    for (const host of names) connect(space(host), { router: space('router'), number: names.indexOf(host) + 1 });
    if (delayMs > 0) servers.push(await connectController(delayMs, space('controller'), space('router')));
    for (const host of names) servers.push(await startServer(space(host), join(folder, 'sshd_config')));
    for (const host of names) untilCarried(space(host));
  } catch (error) {
    stop();
    throw error;
  }
  const on = (host: string, ...argv: readonly string[]) => {
    const { status, stdout, stderr } = spawnSync('ip', ['netns', 'exec', space(host), ...argv], { encoding: 'utf8', maxBuffer: 1 << 26 });
    return { status: status ?? -1, stdout, stderr };
  };
  return { names, folder, key, knownHosts: join(folder, 'known_hosts'), address, controller, space, on, stop };
}

/** A host with one link to the router, and its default route over it. */
function connect(space: string, { router, number }: { readonly router: string; readonly number: number }): void {
  ip('netns', 'add', space);
  ip('-n', space, 'link', 'set', 'lo', 'up');
  ip('-n', router, 'link', 'add', `to${number}`, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', space);
  ip('-n', router, 'address', 'add', `${network(number)}.1/30`, 'dev', `to${number}`);
  ip('-n', router, 'link', 'set', `to${number}`, 'up');
  ip('-n', space, 'address', 'add', `${network(number)}.2/30`, 'dev', 'eth0');
  ip('-n', space, 'link', 'set', 'eth0', 'up');
  ip('-n', space, 'route', 'add', 'default', 'via', `${network(number)}.1`);
}

/** Of the link between the router and one of the others; the controller's has the number 0. */
function network(number: number): string {
  return `10.${77 + (number >> 8)}.${number & 255}`;
}

async function connectController(delayMs: number, controller: string, router: string): Promise<ChildProcess> {
  ip('netns', 'add', controller);
  const link = await startDelayedLink(delayMs, [
    { space: controller, device: 'eth0' },
    { space: router, device: 'to0' },
  ]);
  for (const [space, device, address] of [
    [controller, 'eth0', `${network(0)}.2/30`],
    [router, 'to0', `${network(0)}.1/30`],
  ] as const) {
    ip('-n', space, 'link', 'set', 'lo', 'up');
    ip('-n', space, 'address', 'add', address, 'dev', device);
    ip('-n', space, 'link', 'set', device, 'up');
  }
  ip('-n', controller, 'route', 'add', 'default', 'via', `${network(0)}.1`);
  return link;
}

function configOf(folder: string, hostKey: string): string {
  const lines = [
    'Port 22',
    'ListenAddress 0.0.0.0',
    `HostKey ${hostKey}`,
    `AuthorizedKeysFile ${join(folder, 'authorized')}`,
    'StrictModes no',
    'PidFile none',
    'PermitRootLogin yes',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'UsePAM no',
    'UseDNS no',
    'MaxStartups 100',
    'LogLevel VERBOSE',
  ];
  return `${lines.join('\n')}\n`;
}

async function startServer(space: string, config: string): Promise<ChildProcess> {
  const child = spawn('ip', ['netns', 'exec', space, '/usr/sbin/sshd', '-D', '-e', '-f', config], { stdio: ['ignore', 'ignore', 'pipe'] });
  await untilListening(child);
  child.stderr.resume();
  return child;
}

/** The kernel tells of a link that has come up a moment later (net/core/link_watch.c): a look in between would see another host. */
function untilCarried(space: string): void {
  const script = 'until grep -qx up /sys/class/net/eth0/operstate; do sleep 0.1; done';
  execFileSync('ip', ['netns', 'exec', space, 'sh', '-c', script], { stdio: 'ignore', timeout: 30_000 });
}

function ip(...words: readonly string[]): void {
  execFileSync('ip', [...words], { stdio: ['ignore', 'ignore', 'pipe'] });
}

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';

/**
 * Programs that protocol tests run, and the Debian package of each. The lab installs its own, with
 * words of its own, because `tunorch lab` needs them without any test.
 */
const PROGRAMS = [
  ['sshd', 'openssh-server'],
  ['ssh', 'openssh-client'],
  ['ssh-agent', 'openssh-client'],
  ['sudo', 'sudo'],
  ['doas', 'opendoas'],
  ['ansible-inventory', 'ansible-core'],
  ['ip', 'iproute2'],
  ['ping', 'iputils-ping'],
];

const POLICY = '/usr/sbin/policy-rc.d';

const packages = missingPackages();
if (packages.length > 0) await provide(packages);

function missingPackages() {
  const folders = [...(process.env.PATH ?? '').split(':'), '/usr/local/sbin', '/usr/sbin', '/sbin'];
  const missing = PROGRAMS.filter(([program]) => !folders.some((folder) => existsSync(`${folder}/${program}`)));
  return [...new Set(missing.map(([, name]) => name))];
}

async function provide(names) {
  const line = `apt-get install -y --no-install-recommends ${names.join(' ')}`;
  if (process.getuid?.() !== 0) return refuse(`tests need programs that are not here. Run: sudo ${line}`);
  if (!existsSync('/usr/bin/apt-get'))
    return refuse(`tests need programs that are not here, and this is no Debian: install what has ${names.join(', ')}`);
  process.stderr.write(`tests need ${names.join(', ')}: installing\n`);
  const hadServer = !names.includes('openssh-server');
  await withoutDaemons(async () => {
    await run('apt-get', ['update', '-q']);
    await run('apt-get', ['install', '-q', '-y', '--no-install-recommends', ...names]);
  });
  if (!hadServer && existsSync('/run/systemd/system')) await run('systemctl', ['disable', '--quiet', 'ssh.service']);
}

/** Tests start an sshd of their own on loopback: installing the package must not open port 22 (invoke-rc.d(8)). */
async function withoutDaemons(install) {
  if (existsSync(POLICY)) return install();
  // Interrupted, apt-get ends first and the policy goes with it.
  const wait = () => {};
  process.on('SIGINT', wait).on('SIGTERM', wait);
  await writeFile(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    await install();
  } finally {
    await rm(POLICY, { force: true });
    process.off('SIGINT', wait).off('SIGTERM', wait);
  }
}

function run(program, words) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, { stdio: ['ignore', 2, 2], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
    child.once('error', reject);
    child.once('close', (code, signal) => (code === 0 ? resolve() : reject(new Error(`${program} ${words.join(' ')} ended with ${signal ?? code}`))));
  });
}

function refuse(message) {
  process.stderr.write(`${message}\n`);
  process.exitCode = 1;
}

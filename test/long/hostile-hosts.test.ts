import { beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { eventsOf, expectAll, onlyTunnel, type ProgramRun, tunorch } from '../e2e/scenario-program.ts';
import { expectUnchanged, expectUnchangedWithin, type Snapshot } from '../e2e/scenario-snapshot.ts';
import { type Scenario, stageExample } from '../e2e/scenario-stage.ts';

/*
 * Hosts on which something else is broken than the network. Each case ends in bounded time, with its own exit code and
 * words, and with nothing left on the host. Where each is proved:
 *
 * | host                                              | here | elsewhere                                            |
 * |---------------------------------------------------|------|------------------------------------------------------|
 * | prints without end, before and in a phase         | x    | protocol/lies, unit/transport/{open-shell,shell-session} |
 * | says nothing, half a mark, a status that is none  |      | protocol/lies, unit/transport/shell-session          |
 * | login shell csh, tcsh, fish, zsh, mksh            |      | unit/transport/open-shell (the real ones)            |
 * | /bin/sh dash, bash, busybox, mksh                 |      | unit/run/shells (the whole transaction)              |
 * | start-up files that talk, wait, or never end      | x    |                                                      |
 * | sudo's lecture, use_pty, requiretty, no rights    |      | protocol/become                                      |
 * | /run full, out of inodes, read-only, noexec       | x    |                                                      |
 * | /tmp full                                         | x    |                                                      |
 * | clock that jumps a day, forwards and back         | x    |                                                      |
 * | connection that stalls: sshd stopped, answers lost|      | protocol/session, e2e/faults (answers-lost)          |
 * | paused, and resumed after the deadline            |      | e2e/faults (paused)                                  |
 * | no ip, ping, flock, setsid, modprobe              | x    |                                                      |
 * | no room for another process of a user             | x    |                                                      |
 * | another name than a moment ago                    | x    |                                                      |
 * | 100 000 routes                                    | x    | golden/facts/network/busy-tables                     |
 * | ip that hangs, in facts and in the apply          | x    | e2e/faults (hangs)                                   |
 * | ip that prints nonsense, or without end           | x    |                                                      |
 */

let scenario: Scenario;
let before: ReadonlyMap<string, Snapshot>;

const run = (command: string, ...args: readonly string[]): Promise<ProgramRun> => tunorch([command, scenario.inventory, ...args]);

/** Makes host-b strange, until the test has finished. */
async function until(strange: string, usual: string): Promise<void> {
  onTestFinished(async () => void (await scenario.sh('host-b', usual)));
  await scenario.sh('host-b', strange);
}

/** A program that stands before the real one in root's PATH. */
function stead(name: string, text: string): Promise<void> {
  const path = `/usr/local/sbin/${name}`;
  return until(`cat >${path} <<'SCRIPT'\n#!/bin/sh\n${text}\nSCRIPT\nchmod 755 ${path}`, `rm -f ${path}`);
}

async function expectWorkedWith(): Promise<void> {
  expectAll(await run('up'), 'changed');
  expectAll(await run('down'), 'changed');
}

/** Exit 4 with one message about host-b, and nothing was changed on either. */
async function expectLeftAlone(code: string, says: RegExp, ...args: readonly string[]): Promise<void> {
  const up = await run('up', ...args);
  expect(up.status, up.stdout + up.stderr).toBe(4);
  const { outcome, changes, problems } = onlyTunnel(up);
  expect({ outcome, changes, problems }).toMatchObject({ outcome: 'unreachable', changes: 0, problems: [{ code, host: 'host-b' }] });
  expect(`${problems[0]?.message} ${problems[0]?.hint}`).toMatch(says);
  expect(eventsOf(up, 'step')).toEqual([]);
}

beforeAll(async () => {
  scenario = await stageExample('two-hosts');
  before = await scenario.look();
});

/** Whatever a test does to host-b, the last thing is to see that it is as it was. */
beforeEach(() => {
  onTestFinished(() => expectUnchangedWithin(scenario.lab, before, 10_000));
});

describe('start-up files', () => {
  /** What the files started stands there until somebody ends it: it is the host's own. */
  const withStartUp = async (text: string, started = '') =>
    until(
      `usermod -s /bin/bash root; [ ! -e ~root/.bashrc ] || mv ~root/.bashrc ~root/.bashrc.e2e; cat >~root/.bashrc <<'RC'\n${text}\nRC`,
      `usermod -s /bin/sh root; ${started === '' ? ':' : `pkill -x ${started}`}; rm -f ~root/.bashrc ~root/noise; [ ! -e ~root/.bashrc.e2e ] || mv ~root/.bashrc.e2e ~root/.bashrc`,
    );

  it('that talk on both streams, and set traps for other shells, are in nobody’s way', async () => {
    await withStartUp(
      'echo "welcome"; echo "a warning" >&2; printf "no line end"; export BASH_ENV=~root/noise ENV=~root/noise CDPATH=/etc GREP_OPTIONS=-v; echo "echo noise; exit 9" >~root/noise',
    );
    await expectWorkedWith();
  });

  it('that wait for somebody are given up', async () => {
    await withStartUp('case $- in *i*) ;; *) case $BASH_EXECUTION_STRING in "exec /bin/sh -c "*) sleep 300 ;; esac ;; esac', 'sleep');
    await expectLeftAlone('shell.timeout', /gave no root shell within|~\/\.bashrc/, '--timeout', '3');
  });

  it('that never end talking are cut off', async () => {
    await withStartUp('case $BASH_EXECUTION_STRING in "exec /bin/sh -c "*) yes ;; esac', 'yes');
    await expectLeftAlone('shell.too-much-output', /more than 64 KiB/);
  });
});

describe('file systems', () => {
  const mounted = (path: string, options: string, then = ':') =>
    until(`mkdir -p ${path} && mount -t tmpfs -o ${options} none ${path} && { ${then}; }`, `umount ${path}; rmdir ${path} 2>/dev/null; :`);

  it.each([
    ['is full', 'size=4k', 'dd if=/dev/zero of=/run/tunorch/filler bs=4k count=1 2>/dev/null; :'],
    ['has no more inodes', 'nr_inodes=2', ':'],
    ['has hardly any', 'nr_inodes=4', ':'],
    ['is read-only', 'ro', ':'],
  ])('/run that %s is told before anything is changed', async (_, options, then) => {
    await mounted('/run/tunorch', options, then);
    await expectLeftAlone('host.refused', /the way back could not be written under \/run\/tunorch/);
    expect(await scenario.sh('host-b', 'find /run/tunorch -mindepth 1 ! -name filler')).toBe('');
  });

  it('/run that runs no programs will do', async () => {
    await mounted('/run/tunorch', 'noexec');
    await expectWorkedWith();
    expect(await scenario.sh('host-b', 'find /run/tunorch -mindepth 1')).toBe('');
    await scenario.sh('host-b', 'mountpoint -q /run/tunorch');
  });

  it('/tmp may be full', async () => {
    await mounted('/tmp', 'size=4k', 'dd if=/dev/zero of=/tmp/filler bs=4k count=2 2>/dev/null; :');
    await expectWorkedWith();
  });
});

describe('a clock that jumps in the middle of a run', () => {
  const DAY = 86_400;
  /** With the first line for \`ip\` of the apply, and back when the test is over. */
  const jumping = (seconds: number) =>
    stead('ip', `[ "$*" != '-batch -' ] || date -s "@$(( $(date +%s) + ${seconds} ))" >/dev/null\nexec /usr/sbin/ip "$@"`);
  const mended = (seconds: number) => onTestFinished(async () => void (await scenario.sh('host-b', `date -s "@$(( $(date +%s) - ${seconds} ))"`)));

  it.each([DAY, -DAY])('by %i s is no matter to a run that goes well', async (seconds) => {
    await jumping(seconds);
    mended(2 * seconds);
    await expectWorkedWith();
  });

  it.each([DAY, -DAY])('by %i s is no matter to the timer of a run that dies', async (seconds) => {
    await jumping(seconds);
    mended(seconds);
    const killed = await tunorch(['up', scenario.inventory, '--deadline', '8'], {
      onEvent: (event, child) => void (event.type === 'host-phase' && event.phase === 'verify' && child.kill('SIGKILL')),
    });
    expect(killed.status).toBe(137);
    await expect.poll(() => scenario.sh('host-b', 'find /run/tunorch -name journal 2>/dev/null; :'), { timeout: 60_000, interval: 500 }).toBe('');
    const devices = await scenario.sh('host-b', 'ls /sys/class/net');
    expectAll(await run('down'), devices.includes('gre1') ? 'changed' : 'ok');
  });
});

describe('a program that is not there', () => {
  const without = (program: string) =>
    until(
      `for f in $(which -a ${program}); do [ ! -e "$f" ] || mv "$f" "$f.e2e"; done`,
      `for f in /usr/bin/${program} /usr/sbin/${program} /bin/${program} /sbin/${program}; do [ ! -e "$f.e2e" ] || mv "$f.e2e" "$f"; done`,
    );

  it.each([
    ['ping', /no `ping`.*iputils-ping/],
    ['flock', /no `flock`.*util-linux/],
  ])('%s is named, with the package it is in', async (program, says) => {
    await without(program);
    await expectLeftAlone('host.program-missing', says);
  });

  it('setsid is not missed', async () => {
    await without('setsid');
    await expectWorkedWith();
  });

  it('modprobe is missed where a module has to be loaded, and not where none has', async () => {
    await scenario.sh('host-b', 'rmmod ip_gre 2>/dev/null; :');
    await without('modprobe');
    await expectLeftAlone('host.kernel-support', /there is no modprobe.*kmod/);
    await scenario.sh('host-b', `bash -c 'exec -a modprobe "$(which modprobe.e2e)" ip_gre'`);
    await expectWorkedWith();
  });
});

describe('an `ip` that is not what it should be', () => {
  it('hangs, and the host is given up', async () => {
    onTestFinished(async () => void (await scenario.sh('host-b', 'pkill -x sleep; :')));
    await stead('ip', 'exec sleep 300');
    await expectLeftAlone('shell.timeout', /did not finish a phase within 60 s/);
  });

  it('prints nonsense', async () => {
    await stead('ip', 'echo "[{\\"ifname\\":"');
    await expectLeftAlone('host.facts-unreadable', /its facts make no sense/);
  });

  it('prints without end', async () => {
    onTestFinished(async () => void (await scenario.sh('host-b', 'pkill -x yes; :')));
    await stead('ip', 'case "$*" in *-batch*) exec yes ;; esac\nexec /usr/sbin/ip "$@"');
    await expectLeftAlone('shell.too-much-output', /more than 16 MiB/);
  });
});

describe('a host under strain', () => {
  it('has another name than a moment ago', async () => {
    const name = (await scenario.sh('host-b', 'hostname')).trim();
    await stead('ip', '[ "$*" != "-batch -" ] || hostname renamed\nexec /usr/sbin/ip "$@"');
    onTestFinished(async () => void (await scenario.sh('host-b', `hostname ${name}`)));
    await expectWorkedWith();
  });

  it('may start no more processes for its users', async () => {
    await until(
      'mkdir -p /etc/security && [ ! -e ~root/.profile ] || cp ~root/.profile ~root/.profile.e2e; echo "ulimit -u 1" >>~root/.profile',
      'rm -f ~root/.profile; [ ! -e ~root/.profile.e2e ] || mv ~root/.profile.e2e ~root/.profile',
    );
    await expectWorkedWith();
  });

  it('has 100 000 routes', async () => {
    const routes = (verb: string) =>
      `awk 'BEGIN { for (i = 0; i < 100000; i++) printf "route ${verb} blackhole 60.%d.%d.%d/32\\n", i / 65536, i / 256 % 256, i % 256 }' | ip -batch -`;
    await until(routes('add'), routes('delete'));
    await expectWorkedWith();
  });
});

it('is as it was before all this', async () => {
  await expectUnchanged(scenario.lab, before);
});

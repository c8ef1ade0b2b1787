import type { ChildProcess } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { findGuest } from '../../src/lab/lab-inventory.ts';
import { closeSshMasters } from '../../src/lab/lab-state.ts';
import type { RunEvent } from '../../src/run/events.ts';
import { eventsOf, expectAll, tunorch } from '../e2e/scenario-program.ts';
import { expectUnchangedWithin, snapshots } from '../e2e/scenario-snapshot.ts';
import { type Scene, stageSystemd } from '../e2e/support/shared-lab.ts';

const HOSTS = ['server-a', 'server-b'] as const;
const DEADLINE_SECONDS = 20;

const KILL_USER_PROCESSES = `mkdir -p /etc/systemd/logind.conf.d
printf '[Login]\\nKillUserProcesses=yes\\n' >/etc/systemd/logind.conf.d/lab.conf
systemctl restart systemd-logind`;

/** The first change on the host never ends, so that nobody but the timer is left to take it back. */
const HANG = `cat >/usr/local/sbin/ip <<'SCRIPT'
#!/bin/sh
[ "$*" != '-batch -' ] || { : >/run/hanging; exec sleep 600; }
exec /usr/sbin/ip "$@"
SCRIPT
chmod 755 /usr/local/sbin/ip`;

const UNTIL_HANGING = 'n=0; until [ -e /run/hanging ] || [ $n -ge 300 ]; do n=$((n + 1)); sleep 0.1; done; [ -e /run/hanging ]';
const SCOPES = "systemctl list-units --no-legend --plain 'tunorch-*.scope'";
/** What logind does to a login that has ended, but at once and without mercy. */
const END_LOGIN = 'systemctl kill --kill-whom=all --signal=KILL "user-$(id -u deploy).slice"';

let scene: Scene;
let inventory: string;

/** Root without a login of its own, as most people work. */
async function asDeploy(path: string): Promise<string> {
  const draft = parse(await readFile(path, 'utf8'));
  Object.assign(draft.all.vars, { ansible_user: 'deploy', ansible_become: true });
  for (const vars of Object.values<Record<string, unknown>>(draft.all.hosts)) delete vars.ansible_user;
  const file = `${path}.deploy.yaml`;
  await writeFile(file, stringify(draft));
  return file;
}

beforeAll(async () => {
  scene = await stageSystemd();
  inventory = await asDeploy(scene.inventoryPath);
  for (const host of HOSTS) {
    expect((await scene.exec(host, KILL_USER_PROCESSES)).status).toBe(0);
    await closeSshMasters(scene.lab, findGuest(scene.lab, host));
  }
});

describe('a host that ends everything of a login with it', () => {
  it('gets a tunnel and loses it, and no unit is left', async () => {
    const before = await snapshots(scene.lab, HOSTS);
    expectAll(await tunorch(['up', inventory]), 'changed');
    for (const host of HOSTS) expect((await scene.exec(host, SCOPES)).stdout).toBe('');
    expectAll(await tunorch(['down', inventory]), 'changed');
    await expectUnchangedWithin(scene.lab, before, 10_000);
  });

  it('is brought back by its timer when the login was ended in the middle of a run, and the next run says so', async () => {
    const before = await snapshots(scene.lab, HOSTS);
    await scene.exec('server-b', HANG);
    let controller: ChildProcess | undefined;
    const run = tunorch(['up', inventory, '--deadline', String(DEADLINE_SECONDS)], {
      onEvent: (_event: RunEvent, child) => {
        controller = child;
      },
    });
    expect((await scene.exec('server-b', UNTIL_HANGING)).status).toBe(0);
    expect((await scene.exec('server-b', SCOPES)).stdout).toMatch(/^tunorch-\S+\.scope/);
    controller?.kill('SIGKILL');
    for (const host of HOSTS) expect((await scene.exec(host, END_LOGIN)).status).toBe(0);
    expect((await run).status).toBe(137);
    await scene.exec('server-b', 'rm -f /usr/local/sbin/ip /run/hanging');
    await expectUnchangedWithin(scene.lab, before, (DEADLINE_SECONDS + 20) * 1000);
    const told = eventsOf(await tunorch(['plan', inventory]), 'host-warning').map(({ host, message }) => `${host}: ${message}`);
    expect(told).toContainEqual(expect.stringMatching(/^server-b: rolled gre1 back by itself at the deadline of «tunorch up by /));
  });
});

import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { BACK_END_NAMES, type BackEndName } from '../../src/domain/persistence.ts';
import { powerCycle, reboot } from '../../src/lab/faults.ts';
import { eventsOf, expectAll, onlyTunnel, plannedChanges, tunorch } from '../e2e/scenario-program.ts';
import { type Scene, stageSystemd } from '../e2e/support/shared-lab.ts';
import { MODE_TUNNELS, outerAddresses, TUNNELS } from './persistence-tunnels.ts';

const HOSTS = ['server-a', 'server-b'] as const;
const OUR_FILES = "find /etc -path '*tunorch*' -o -path '*10-netplan-*' | sort";

/** What runs the network of a host; each alone, as on a real one. Debian enables `networking` with a program the image lacks. */
const MANAGERS: Readonly<Record<BackEndName, { readonly start: string; readonly end: string; readonly again: string }>> = {
  systemd: { start: '', end: '', again: 'systemctl daemon-reload' },
  networkd: manager('systemd-networkd', 'networkctl reload; systemctl restart systemd-networkd'),
  netplan: manager('systemd-networkd', 'netplan apply; systemctl restart systemd-networkd'),
  networkmanager: manager('NetworkManager', 'nmcli connection reload; systemctl restart NetworkManager'),
  ifupdown: {
    start:
      'ln -sf /lib/systemd/system/networking.service /etc/systemd/system/multi-user.target.wants/; systemctl daemon-reload; systemctl start networking',
    end: 'systemctl stop networking; rm -f /etc/systemd/system/multi-user.target.wants/networking.service; systemctl daemon-reload',
    again: 'ifup -a; systemctl restart networking',
  },
};

function manager(unit: string, again: string): { readonly start: string; readonly end: string; readonly again: string } {
  const noOther = "printf '[main]\\nno-auto-default=*\\n' >/etc/NetworkManager/conf.d/e2e.conf";
  return {
    start: `${noOther}; systemctl -q enable ${unit}; systemctl -q disable ${unit}-wait-online; systemctl start ${unit}`,
    end: `systemctl stop ${unit} ${unit}.socket; systemctl -q disable ${unit}; rm -f /etc/NetworkManager/conf.d/e2e.conf`,
    again,
  };
}

/** What a reboot must bring back, but for what the kernel adds by itself. */
const STATE = `ip -o address | sed 's/^[0-9]*: //' | grep -E '^(p[0-9]|n[dpm]-)' | grep -v fe80: | sort
ip -4 route show table all proto 205 | sort; ip -6 route show table all proto 205 | sort
sysctl -n net.ipv4.ip_forward net.ipv6.conf.all.forwarding`;

/** More than a minute where the machine has other work. */
const BOOT_PATIENCE = { timeout: 300_000, interval: 3000 };

/** A busy machine may take a minute for what takes a second; what is tested is what happens, not when. */
const PATIENCE = ['--timeout', '60', '--deadline', '600'];

let scene: Scene;
let inventory: string;

const run = (command: string, path = inventory) =>
  tunorch([command, path, ...(command === 'verify' ? PATIENCE.slice(0, 2) : PATIENCE)], { longestMs: 600_000 });

async function filesOn(host: string): Promise<string> {
  return (await scene.exec(host, OUR_FILES)).stdout;
}

async function rebootAll(): Promise<void> {
  await Promise.all(HOSTS.map((host) => reboot(scene.lab, host)));
}

function onBoth(commands: (own: number) => string) {
  return Promise.all(HOSTS.map((host, index) => scene.exec(host, commands(index + 1))));
}

async function states(): Promise<readonly string[]> {
  return (await onBoth(() => STATE)).map(({ stdout }) => stdout);
}

/** The outer addresses that nothing brings back at boot. */
async function addressAll(): Promise<void> {
  await onBoth((own) => `printf '${outerAddresses(own).replaceAll('\n', '\\n')}\\n' | ip -force -batch -`);
}

/** An inventory with other tunnels beside the one of the scene. */
async function inventoryWith(name: string, tunnels: unknown): Promise<string> {
  const draft = parse(await readFile(scene.inventoryPath, 'utf8')) as Record<string, unknown>;
  const path = `${scene.inventoryPath}.${name}.yaml`;
  await writeFile(path, stringify({ ...draft, tunnels }));
  return path;
}

beforeAll(async () => {
  scene = await stageSystemd();
});

describe.each(BACK_END_NAMES)('tunnels that %s is to bring back at boot', (backEnd) => {
  const { start, end, again } = MANAGERS[backEnd];
  const index = BACK_END_NAMES.indexOf(backEnd);
  const main = `p${index}`;

  beforeAll(async () => {
    await onBoth(() => start);
    await addressAll();
    const tunnels = Object.entries({ ...TUNNELS, ...MODE_TUNNELS }).filter(([, { persist }]) => persist === backEnd);
    inventory = await inventoryWith(backEnd, Object.fromEntries(tunnels));
  });

  afterAll(async () => {
    await run('down');
    await onBoth(() => end);
  });

  it('leave no file on a host where they are rolled back', async () => {
    const gate =
      'nft add table inet e2e; nft add chain inet e2e gate "{ type filter hook input priority 0; }"; nft add rule inet e2e gate meta l4proto gre drop';
    await scene.exec('server-b', gate);
    const up = await run('up', await inventoryWith('one', { [main]: TUNNELS[main] }));
    await scene.exec('server-b', 'nft delete table inet e2e');
    expect(onlyTunnel(up)).toMatchObject({ outcome: 'rolled-back', isProved: true });
    for (const host of HOSTS) expect(await filesOn(host)).toBe('');
  });

  it('are there after both hosts were rebooted, as they were', async () => {
    expectAll(await run('up'), 'changed');
    const before = await states();
    await rebootAll();
    await addressAll();
    await expect.poll(states, BOOT_PATIENCE).toEqual(before);
    expect(await onBoth(() => 'systemctl --failed --no-legend')).toMatchObject(HOSTS.map(() => ({ stdout: '' })));
    expectAll(await run('verify'), 'ok');
    const rerun = await run('up');
    expectAll(rerun, 'ok');
    expect(plannedChanges(rerun)).toEqual([]);
  });

  it('are not touched by what brings them back, whether it made them or a run did', async () => {
    await scene.exec('server-a', `ip link delete dev ${main}`);
    expectAll(await run('up', await inventoryWith('one', { [main]: TUNNELS[main] })), 'changed');
    await onBoth(() => again);
    expectAll(await run('verify'), 'ok');
    expect(plannedChanges(await run('up'))).toEqual([]);
  });

  it('are told to have drifted where a file was edited, and the file is written anew', async () => {
    await scene.exec('server-a', `f=$(grep -rl 10.12.${index}.2 /etc | grep tunorch | head -n 1); printf '# mine\\n' >>"$f"`);
    const looked = await run('verify');
    expect(eventsOf(looked, 'problem').map(({ tunnel, problem }) => [tunnel, problem.code])).toEqual([[main, 'verify.drift']]);
    expect(plannedChanges(await run('up'))).toEqual([expect.stringMatching(/^server-a: change file \/etc\/.*\(line\)$/)]);
  });

  it('are gone for good after down, with their files and what they switched on', async () => {
    expectAll(await run('down'), 'changed');
    for (const host of HOSTS) expect(await filesOn(host)).toBe('');
    await Promise.all([reboot(scene.lab, 'server-a'), powerCycle(scene.lab, 'server-b')]);
    for (const host of HOSTS) {
      const left = await scene.exec(host, `ls /sys/class/net; sysctl -n net.ipv4.ip_forward; systemctl --failed --no-legend; lsmod | grep -c gre`);
      expect(left.stdout).toBe('eth0\neth1\nlo\n0\n0\n');
    }
  });
});

import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { BACK_END_NAMES } from '../../src/domain/persistence.ts';
import { reboot } from '../../src/lab/faults.ts';
import { eventsOf, expectAll, onlyTunnel, plannedChanges, tunorch } from '../e2e/scenario-program.ts';
import { type Scene, stageSystemd } from '../e2e/support/shared-lab.ts';

const HOSTS = ['server-a', 'server-b'] as const;
const OUR_FILES = "find /etc /run/systemd/network /run/NetworkManager -name '*tunorch*' | sort";

const UNIT_STATE = 'systemctl is-active tunorch-p0; systemctl --failed --no-legend';

/** What is easily lost on the way: a key, a route, forwarding, IPv6. */
const TUNNELS = Object.fromEntries(
  BACK_END_NAMES.map((persist, index) => {
    const end = (own: number, behind: number) => ({
      local: `30.2.1.${own}`,
      address: [`10.12.${index}.${own}`, `fd00:12:${index}::${own}`],
      networks: [`10.13.${2 * index + behind}.0/24`],
    });
    const endpoints = { 'server-a': end(1, 0), 'server-b': end(2, 1) };
    return [`p${index}`, { mode: 'gre', key: 10 + index, ttl: 77, mtu: 1400, persist, verify: { count: 2 }, endpoints }];
  }),
);

/** A busy machine may take a minute for what takes a second; what is tested is what happens, not when. */
const PATIENCE = ['--timeout', '60', '--deadline', '240'];

let scene: Scene;
let inventory: string;

const run = (command: string, path = inventory) => tunorch([command, path, ...(command === 'verify' ? PATIENCE.slice(0, 2) : PATIENCE)]);

async function filesOn(host: string): Promise<string> {
  return (await scene.exec(host, OUR_FILES)).stdout;
}

async function rebootAll(): Promise<void> {
  await Promise.all(HOSTS.map((host) => reboot(scene.lab, host)));
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
  inventory = await inventoryWith('persist', TUNNELS);
});

afterAll(async () => {
  await run('down');
});

describe('tunnels that are to come back at boot', () => {
  it('leave no file on a host where they are rolled back', async () => {
    const gate =
      'nft add table inet e2e; nft add chain inet e2e gate "{ type filter hook input priority 0; }"; nft add rule inet e2e gate meta l4proto gre drop';
    await scene.exec('server-b', gate);
    const up = await run('up', await inventoryWith('one', { p0: TUNNELS.p0 }));
    await scene.exec('server-b', 'nft delete table inet e2e');
    expect(onlyTunnel(up)).toMatchObject({ outcome: 'rolled-back', isProved: true });
    for (const host of HOSTS) expect(await filesOn(host)).toBe('');
  });

  it('are there after both hosts were rebooted, as they were', async () => {
    expectAll(await run('up'), 'changed');
    await rebootAll();
    for (const host of HOSTS) expect((await scene.exec(host, UNIT_STATE)).stdout).toBe('active\n');
    expect(await scene.exec('server-a', 'ping -n -c 2 -W 8 10.12.0.2 && ping -n -c 2 -W 8 fd00:12::2')).toMatchObject({ status: 0 });
    expectAll(await run('verify'), 'ok');
    const again = await run('up');
    expectAll(again, 'ok');
    expect(plannedChanges(again)).toEqual([]);
    expect((await scene.exec('server-a', 'sysctl -n net.ipv4.ip_forward net.ipv6.conf.all.forwarding')).stdout).toBe('1\n0\n');
  });

  it('are told to have drifted where a file was edited, and the file is written anew', async () => {
    await scene.exec('server-a', "f=$(grep -rl 10.12.0.2 /etc --include='*tunorch*' | head -n 1); sed -i 's/ttl 77/ttl 66/' \"$f\"");
    const looked = await run('verify');
    expect(eventsOf(looked, 'problem').map(({ tunnel, problem }) => [tunnel, problem.code])).toEqual([['p0', 'verify.drift']]);
    expect(plannedChanges(await run('up'))).toEqual([expect.stringMatching(/^server-a: change file \/etc\/.*\(line\)$/)]);
  });

  it('are gone for good after down, with their files and what they switched on', async () => {
    expectAll(await run('down'), 'changed');
    for (const host of HOSTS) expect(await filesOn(host)).toBe('');
    await rebootAll();
    for (const host of HOSTS) {
      const left = await scene.exec(host, `ls /sys/class/net; sysctl -n net.ipv4.ip_forward; systemctl --failed --no-legend; lsmod | grep -c gre`);
      expect(left.stdout).toBe('eth0\neth1\nlo\n0\n0\n');
    }
  });
});

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { parse, stringify } from 'yaml';
import type { Ward } from '../e2e/doctor-trouble.ts';
import { expectAll, type ProgramRun, programRun } from '../e2e/scenario-program.ts';
import type { Draft } from '../e2e/scenario-stage.ts';
import { PROGRAM, sshArguments } from '../protocol/namespace-runs.ts';
import type { Namespaces } from '../protocol/namespaces.ts';

/** Of a machine that does much else. */
const PATIENCE = ['TUNORCH_TIMEOUT=120', 'TUNORCH_DEADLINE=240'];

export const HOSTS = ['host-a', 'host-b', 'middle'] as const;

/** A link between host-a and host-b, and a way between them over `middle`; the way of SSH is another. */
const CABLES = [
  ['host-a', 'eth1', '192.168.1.10/24', 'host-b', 'eth1', '192.168.1.13/24'],
  ['host-a', 'eth2', '10.10.10.2/24', 'middle', 'eth1', '10.10.10.1/24'],
  ['host-b', 'eth2', '10.10.20.2/24', 'middle', 'eth2', '10.10.20.1/24'],
] as const;

/** Each test begins with links, addresses, routes, settings and filters as if the hosts had just been booted. */
const CLEAR = `nft flush ruleset; ip link delete dev vx1; ip link delete dev eth1; ip link delete dev eth2; ip route delete default
sysctl -q -w net.ipv4.ip_forward=0 net.ipv4.icmp_echo_ignore_all=0 net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0; ip address flush dev lo scope global`;

const INVENTORIES = {
  'one link': ['192.168.1.10', '192.168.1.13'],
  'a router': ['10.10.10.2', '10.10.20.2'],
} as const;
export type Place = keyof typeof INVENTORIES;

/** A vxlan between host-a and host-b with a network behind each, on the kernel of this machine. */
export async function admit(hosts: Namespaces, place: Place): Promise<Ward> {
  const sh = async (host: string, script: string) => {
    const { status, stdout, stderr } = hosts.on(host, 'sh', '-c', script);
    expect(status, `${host}: ${script}\n${stdout}${stderr}`).toBe(0);
    return stdout;
  };
  for (const host of HOSTS) hosts.on(host, 'sh', '-c', CLEAR);
  for (const cable of CABLES) await lay(hosts, sh, cable);
  await sh('middle', 'sysctl -q -w net.ipv4.ip_forward=1');
  await sh('host-a', 'ip route add 10.10.20.0/24 via 10.10.10.1');
  await sh('host-b', 'ip route add 10.10.10.0/24 via 10.10.20.1');
  let written = 0;
  const write = async (bend: (draft: Draft) => void) => {
    const draft: Draft = parse(stringify(inventoryOf(hosts, place)));
    bend(draft);
    written += 1;
    const path = join(hosts.folder, `doctor-${written}.yaml`);
    writeFileSync(path, stringify(draft));
    return path;
  };
  const inventory = await write(() => undefined);
  const run = async (command: string, path: string): Promise<ProgramRun> =>
    programRun(hosts.on('router', 'env', ...PATIENCE, process.execPath, PROGRAM, command, path, '-o', 'json'));
  expectAll(await run('up', inventory), 'changed');
  return { sh, run, write, inventory };
}

async function lay(hosts: Namespaces, sh: Ward['sh'], [host, device, address, far, farDevice, farAddress]: (typeof CABLES)[number]): Promise<void> {
  await sh(host, `ip link add ${device} type veth peer name ${farDevice} netns ${hosts.space(far)}`);
  await sh(host, `ip address add ${address} dev ${device} && ip link set dev ${device} up`);
  await sh(far, `ip address add ${farAddress} dev ${farDevice} && ip link set dev ${farDevice} up`);
}

function inventoryOf(hosts: Namespaces, place: Place): Draft {
  const [one, other] = INVENTORIES[place];
  return {
    all: {
      vars: { ansible_user: 'root', ansible_ssh_common_args: sshArguments(hosts) },
      hosts: { 'host-a': { ansible_host: hosts.address('host-a') }, 'host-b': { ansible_host: hosts.address('host-b') } },
    },
    tunnels: {
      vx1: {
        mode: 'vxlan',
        vni: 7,
        ttl: 64,
        verify: { count: 4, interval: 0.2, max_loss: 75 },
        endpoints: {
          'host-a': { local: one, address: '10.1.2.1/24', networks: ['10.201.1.0/24'] },
          'host-b': { local: other, address: '10.1.2.2/24', networks: ['10.202.1.0/24'] },
        },
      },
    },
  };
}

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Namespaces } from '../protocol/namespaces.ts';

export const WAYS = ['ssh', 'tunorch', 'ansible'] as const;
export type Way = (typeof WAYS)[number];

export const WORKS = ['up', 'again', 'verify', 'down'] as const;
export type Work = (typeof WORKS)[number];

/** One end of a tunnel of the fleet: hosts are joined in pairs by vxlan. */
interface End {
  readonly host: string;
  readonly vni: number;
  readonly outer: string;
  readonly peerOuter: string;
  readonly inner: string;
  readonly peerInner: string;
}

const program = join(import.meta.dirname, '../../dist/tunorch.js');
const playbook = join(import.meta.dirname, 'fleet-playbook.yaml');

/** Writes what each way needs into the fleet's folder. */
export function writeFleet(fleet: Namespaces, names: readonly string[], user: string): void {
  const ends = endsOf(fleet, names);
  const common = sshOptions(fleet).join(' ');
  const hosts = ends.map(({ host, outer }) => `    ${host}: { ansible_host: ${outer} }\n`).join('');
  const tunnels = ends.flatMap((end, index) => (index % 2 === 0 ? [tunnelOf(end, ends[index + 1] ?? end)] : [])).join('');
  const vars = `  vars: { ansible_user: ${user}, ansible_ssh_common_args: "${common}" }\n`;
  writeFileSync(join(fleet.folder, 'tunorch.yaml'), `all:\n${vars}  hosts:\n${hosts}tunnels:\n${tunnels}`);
  writeFileSync(join(fleet.folder, 'ansible.yaml'), `all:\n${ansibleVars(fleet, user)}  hosts:\n${ends.map(ansibleHost).join('')}`);
  for (const work of WORKS) {
    const calls = ends.map(
      (end) => `ssh ${common} -o ControlPath=none -o BatchMode=yes ${user}@${end.outer} '${scriptOf(work, end)}' & pids="$pids $!"`,
    );
    writeFileSync(join(fleet.folder, `${work}.sh`), `pids=\n${calls.join('\n')}\nfor pid in $pids; do wait "$pid" || exit 1; done\n`);
  }
}

/** The command that does the work, and its environment. */
export function commandOf(way: Way, work: Work, { folder, forks }: { readonly folder: string; readonly forks: number }): readonly string[] {
  if (way === 'ssh') return ['sh', join(folder, `${work}.sh`)];
  if (way === 'tunorch')
    return [process.execPath, program, work === 'again' ? 'up' : work, join(folder, 'tunorch.yaml'), '-o', 'json', '-f', String(forks)];
  const settings = { ANSIBLE_PIPELINING: 'True', ANSIBLE_FORKS: String(forks), ANSIBLE_SSH_CONTROL_PATH_DIR: freshFolder(folder) };
  const tags = { up: 'up,verify', again: 'up', verify: 'verify', down: 'down' }[work];
  const env = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
  return ['env', ...env, 'ansible-playbook', '-i', join(folder, 'ansible.yaml'), playbook, '--tags', tags];
}

function endsOf(fleet: Namespaces, names: readonly string[]): readonly End[] {
  const inner = (index: number) => `10.200.${index >> 8}.${index & 255}`;
  return names.map((host, index) => {
    const peer = index ^ 1;
    const [outer, peerOuter] = [fleet.address(host), fleet.address(names[peer] ?? host)];
    return { host, vni: (index >> 1) + 1, outer, peerOuter, inner: inner(index), peerInner: inner(peer) };
  });
}

/** What somebody would type; nothing that could undo it. */
function scriptOf(work: Work, { vni, outer, peerOuter, inner, peerInner }: End): string {
  const echoes = `ping -n -q -c 3 -i 0.2 -I vx1 ${peerInner} >/dev/null`;
  const patient = `for try in 1 2 3 4 5 6 7 8 9; do ping -n -q -c 1 -W 1 -I vx1 ${peerInner} >/dev/null && break; done; ${echoes}`;
  const make = [
    `ip link add name vx1 type vxlan id ${vni} local ${outer} remote ${peerOuter} dstport 4789 ttl 64`,
    `ip address add ${inner}/31 dev vx1`,
    'ip link set dev vx1 mtu 1400 up',
  ];
  const look = `ip -d link show dev vx1 >/dev/null && ip address show dev vx1 to ${inner} >/dev/null`;
  return { up: `${make.join(' && ')} && { ${patient}; }`, again: look, verify: `${look} && ${echoes}`, down: 'ip link delete dev vx1' }[work];
}

function tunnelOf(one: End, other: End): string {
  const end = ({ host, outer, inner }: End) => `      ${host}: { local: ${outer}, address: ${inner}/31, device: vx1 }\n`;
  return `  t${one.vni}:\n    mode: vxlan\n    vni: ${one.vni}\n    mtu: 1400\n    endpoints:\n${end(one)}${end(other)}`;
}

function ansibleVars(fleet: Namespaces, user: string): string {
  const common = `"${sshOptions(fleet).join(' ')}"`;
  return `  vars: { ansible_user: ${user}, ansible_python_interpreter: /usr/bin/python3, ansible_ssh_common_args: ${common} }\n`;
}

function ansibleHost({ host, vni, outer, peerOuter, inner, peerInner }: End): string {
  return `    ${host}: { ansible_host: ${outer}, vni: ${vni}, outer: ${outer}, peer_outer: ${peerOuter}, inner: ${inner}, peer_inner: ${peerInner} }\n`;
}

function sshOptions({ key, knownHosts }: Namespaces): readonly string[] {
  return ['-F', '/dev/null', '-i', key, '-o', `UserKnownHostsFile=${knownHosts}`, '-o', 'StrictHostKeyChecking=yes', '-o', 'IdentitiesOnly=yes'];
}

let folders = 0;

/** So that no run finds the connections of the one before. */
function freshFolder(folder: string): string {
  folders += 1;
  const fresh = join(folder, `c${folders}`);
  mkdirSync(fresh);
  return fresh;
}

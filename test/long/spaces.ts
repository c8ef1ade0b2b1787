import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sshConfigText } from '../../src/lab/ssh-config.ts';
import { TOPOLOGIES } from '../../src/lab/topologies.ts';
import type { Topology } from '../../src/lab/topology.ts';
import { type Scene, stage } from '../e2e/support/shared-lab.ts';

const GUESTS = ['host-a', 'host-b'] as const;

/** More hosts than there are guests: network namespaces of two guests on one link, each with an sshd that is reached through its guest. */
export interface Spaces {
  /** Runs shell text in one of them. */
  sh(host: string, script: string): Promise<string>;
  /** Writes an inventory of the first of them, with these declarations below. */
  write(count: number, declarations: string): Promise<string>;
}

/** They end with the next reset of the lab. */
export async function startSpaces(names: readonly string[]): Promise<Spaces> {
  const scene = await stage('two-hosts');
  const guestOf = (name: string) => GUESTS[names.indexOf(name) % GUESTS.length] ?? GUESTS[0];
  const run = async (guest: string, script: string) => {
    const { status, stdout, stderr } = await scene.exec(guest, script);
    if (status !== 0) throw new Error(`${guest}: ${stdout}${stderr}`);
    return stdout;
  };
  for (const [index, guest] of GUESTS.entries()) {
    await run(guest, `set -e\n${underlay(index)}\n${names.map((name, at) => (guestOf(name) === guest ? space(name, at) : '')).join('\n')}`);
  }
  return {
    sh: (host, script) => run(guestOf(host), `ip netns exec ${host} sh -c '${script.replaceAll("'", `'\\''`)}'`),
    write: (count, declarations) => writeInventory(scene, { names: names.slice(0, count), guestOf, declarations }),
  };
}

function underlay(index: number): string {
  return `modprobe ip_gre
ip link add mesh type bridge; ip link set eth1 master mesh; ip link set mesh up; ip address add 10.55.0.${201 + index}/24 dev mesh`;
}

/** Keys and settings of sshd are the guest's. */
function space(name: string, at: number): string {
  return `ip netns add ${name}; ip link add v-${name} type veth peer name eth0 netns ${name}; ip link set v-${name} master mesh up
ip -n ${name} link set lo up; ip -n ${name} address add 10.55.0.${at + 1}/24 dev eth0; ip -n ${name} link set eth0 up
ip netns exec ${name} /usr/sbin/sshd -o PidFile=none -o ListenAddress=10.55.0.${at + 1}`;
}

interface Declared {
  readonly names: readonly string[];
  readonly guestOf: (name: string) => string;
  readonly declarations: string;
}

async function writeInventory({ lab }: Scene, { names, guestOf, declarations }: Declared): Promise<string> {
  const sshConfig = join(lab.folder, 'spaces.ssh-config');
  await writeFile(
    sshConfig,
    `${sshConfigText({ lab, topology: TOPOLOGIES.get('two-hosts') as Topology })}\nHost 10.55.0.*\n  StrictHostKeyChecking accept-new
  UserKnownHostsFile "${join(lab.folder, 'spaces.known-hosts')}"\n  IdentityFile "${lab.keyPath}"\n`,
  );
  const list = names.map(
    (name, at) => `    ${name}: { ansible_host: 10.55.0.${at + 1}, ansible_ssh_common_args: "-F ${sshConfig} -o ProxyJump=${guestOf(name)}" }`,
  );
  const path = join(lab.folder, 'spaces.yaml');
  await writeFile(path, `all:\n  vars: { ansible_user: root }\n  hosts:\n${list.join('\n')}\n${declarations}`);
  return path;
}

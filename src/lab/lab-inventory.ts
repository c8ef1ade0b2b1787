import type { Guest, Lab } from './lab.ts';
import { guestsOf, type Topology } from './topology.ts';

export interface InventorySpec {
  readonly lab: Lab;
  readonly topology: Topology;
  /** The guest each of the topology's hosts runs on; itself when absent. */
  readonly guestFor?: Readonly<Record<string, string>>;
}

/** An inventory, in Ansible's YAML form, that `tunorch up` takes as it is. */
export function inventoryText({ lab, topology, guestFor = {} }: InventorySpec): string {
  const hosts = guestsOf(topology).map((host) => {
    const guest = findGuest(lab, guestFor[host.name] ?? host.name);
    return `    ${host.name}: { ansible_port: ${guest.port} }\n`;
  });
  const tunnels = topology.tunnels === undefined ? '' : `\ntunnels:\n${topology.tunnels.replace(/^(?=.)/gm, '  ')}`;
  return `# The lab "${topology.name}": ${topology.summary}.
all:
  vars:
    ansible_host: 127.0.0.1
    ansible_user: root
    ansible_ssh_private_key_file: ${JSON.stringify(lab.keyPath)}
    ansible_ssh_common_args: ${JSON.stringify(`-o UserKnownHostsFile=${optionValue(lab.knownHostsPath)}`)}
  hosts:
${hosts.join('')}${tunnels}`;
}

function optionValue(path: string): string {
  return /\s/.test(path) ? `'"${path}"'` : path;
}

/** @throws Error - the lab has no such guest */
export function findGuest(lab: Lab, name: string): Guest {
  const guest = lab.guests.find((one) => one.name === name);
  if (guest === undefined) throw new Error(`the lab "${lab.name}" has no guest "${name}"; it has ${lab.guests.map((one) => one.name).join(', ')}`);
  return guest;
}

import { findGuest, type InventorySpec } from './lab-inventory.ts';
import { guestsOf } from './topology.ts';

/** Lines for ~/.ssh/config, by which the lab's hosts are reached by their names (ssh_config(5)). */
export function sshConfigText({ lab, topology, guestFor = {} }: InventorySpec): string {
  const stanzas = guestsOf(topology).map(({ name }) => {
    const { port } = findGuest(lab, guestFor[name] ?? name);
    const options = [
      'HostName 127.0.0.1',
      `Port ${port}`,
      'User root',
      `IdentityFile "${lab.keyPath}"`,
      'IdentitiesOnly yes',
      `UserKnownHostsFile "${lab.knownHostsPath}"`,
    ];
    return [`Host ${name}`, ...options.map((option) => `  ${option}`)].join('\n');
  });
  return `${stanzas.join('\n')}\n`;
}

import { addressingScript } from './addressing.ts';
import type { KeyPair } from './keys.ts';
import type { Topology } from './topology.ts';

export interface GuestSettings {
  readonly topology: Topology;
  readonly guest: string;
  /** Counts the guests of a lab from 0; it is in the management network and in the MAC addresses. */
  readonly index: number;
  readonly hostKey: KeyPair;
  readonly userKey: KeyPair;
}

/** A guest's own network to this machine (RFC 2544's range, so that it is in nobody's way). */
export function managementNetwork(index: number): { readonly network: string; readonly guest: string; readonly gateway: string } {
  return { network: `198.18.${index}.0/24`, guest: `198.18.${index}.15`, gateway: `198.18.${index}.2` };
}

/** The shell text that makes a guest of the image one certain guest; its init reads it. */
export function guestSettingsText({ topology, guest, index, hostKey, userKey }: GuestSettings): string {
  return `echo ${guest} > /etc/hostname
echo ${guest} > /proc/sys/kernel/hostname
printf '127.0.0.1 localhost %s\\n' ${guest} > /etc/hosts
cat > /etc/ssh/ssh_host_ed25519_key <<'KEY'
${hostKey.privateKey.trim()}
KEY
chmod 600 /etc/ssh/ssh_host_ed25519_key
echo '${userKey.publicKey}' > /etc/ssh/authorized_keys
lab_management() {
  ip address add ${managementNetwork(index).guest}/24 broadcast + dev eth0
  ip link set dev eth0 up
}
lab_addressing() {
:
${addressingScript(topology, guest)}
}
`;
}

import type { BackEndName } from '../domain/persistence.ts';

/**
 * Prints which network manager brought up which device: its number in the kernel, and the manager's own notes under /run.
 *
 * Those of systemd-networkd name the file a link was set up by; those of NetworkManager the connection, which is one of its own
 * making where the device is somebody else's («external»). ifupdown keeps names.
 */
export const KEEPERS_SNIPPET = `set -- /run/systemd/netif/links /run/NetworkManager/devices
[ -d "$1" ] || [ -d "$2" ] && grep -Hs '' /sys/class/net/*/ifindex
grep -rHs '^NETWORK_FILE=' "$1"
grep -rHs '^connection-uuid=' "$2"
grep -rHsE '^(uuid|external)=' /run/NetworkManager/system-connections
sed -n 's/^\\([^= ]*\\)=.*/ifstate \\1/p' /run/network/ifstate /run/ifstate 2>/dev/null`;

/** By device. */
export function parseKeepers(section: string): ReadonlyMap<string, BackEndName> {
  const lines = (pattern: RegExp) => [...section.matchAll(pattern)].map(([, key = '', value = '']) => [key, value] as const);
  const devices = new Map(lines(/^\/sys\/class\/net\/([^/\n]+)\/ifindex:(\d+)$/gm).map(([device, index]) => [index, device]));
  const external = new Set(lines(/^(\/run\/NetworkManager\/system-connections\/.+):external=(true)$/gm).map(([file]) => file));
  const foreign = new Set(
    lines(/^(\/run\/NetworkManager\/system-connections\/.+):uuid=(.+)$/gm)
      .filter(([file]) => external.has(file))
      .map(([, uuid]) => uuid),
  );
  const numbered: readonly (readonly [string, BackEndName])[] = [
    ...lines(/^\/run\/NetworkManager\/devices\/(\d+):connection-uuid=(.+)$/gm)
      .filter(([, uuid]) => !foreign.has(uuid))
      .map(([index]) => [index, 'networkmanager'] as const),
    ...lines(/^\/run\/systemd\/netif\/links\/(\d+):NETWORK_FILE=(.+)$/gm).map(
      ([index, file]) => [index, /\/\d+-netplan-[^/]*$/.test(file) ? 'netplan' : 'networkd'] as const,
    ),
  ];
  return new Map([
    ...lines(/^ifstate (\S+)$/gm).map(([device]) => [device, 'ifupdown'] as const),
    ...numbered.map(([index, name]) => [devices.get(index) ?? '', name] as const),
  ]);
}

/** What can bring a tunnel back when its host boots. */
export type BackEndName = (typeof BACK_END_NAMES)[number];

export const BACK_END_NAMES = ['systemd', 'networkd', 'netplan', 'networkmanager', 'ifupdown'] as const;

/** `auto`: what runs the host, where it can express the tunnel. */
export type PersistChoice = 'auto' | BackEndName;

/** Something of ours in a host's file system. */
export type StoredFile =
  | { readonly kind: 'text'; readonly path: string; readonly text: string /** Octal, as chmod(1) takes it. */; readonly mode: string }
  | { readonly kind: 'symlink'; readonly path: string; readonly target: string };

/**
 * What keeps a back end that runs from doing its part: no udev, which marks the links it makes; no dispatcher, which gives them
 * their addresses; no line in /etc/network/interfaces that includes our file.
 */
export type PersistObstacle = 'udev' | 'dispatcher' | 'source';

/** What a host has to bring tunnels back, and what it has brought back. */
export interface ObservedPersistence {
  /** What runs there; nothing where the host is a network namespace beside others, which no boot makes. */
  readonly backEnds: ReadonlySet<BackEndName>;
  readonly obstacles: ReadonlySet<PersistObstacle>;
  /** By device, what brought it up. */
  readonly keepers: ReadonlyMap<string, BackEndName>;
  /** Everything with a name of {@link PERSIST_PLACES}, whoever wrote it, and what a run left half done. */
  readonly files: readonly StoredFile[];
}

/** Where our files lie; the asterisk is for the device. */
export const PERSIST_PLACES = {
  modules: '/etc/modules-load.d/tunorch-*.conf',
  sysctl: '/etc/sysctl.d/90-tunorch-*.conf',
  unit: '/etc/systemd/system/tunorch-*.service',
  wanted: '/etc/systemd/system/multi-user.target.wants/tunorch-*.service',
  mark: '/etc/udev/rules.d/90-tunorch-*.rules',
  netdev: '/etc/systemd/network/50-tunorch-*.netdev',
  network: '/etc/systemd/network/50-tunorch-*.network',
  netplan: '/etc/netplan/90-tunorch-*.yaml',
  netplanNetdev: '/etc/systemd/network/10-netplan-*.netdev.d/tunorch.conf',
  netplanNetwork: '/etc/systemd/network/10-netplan-*.network.d/tunorch.conf',
  connection: '/etc/NetworkManager/system-connections/tunorch-*.nmconnection',
  dispatcher: '/etc/NetworkManager/dispatcher.d/90-tunorch-*',
  interfaces: '/etc/network/interfaces.d/tunorch-*',
} as const;

/** One of {@link PERSIST_PLACES}. */
export type PersistPlace = (typeof PERSIST_PLACES)[keyof typeof PERSIST_PLACES];

/** The path of a device's file; ifupdown takes no names with dots from a `source-directory`. */
export function pathAt(place: PersistPlace, device: string): string {
  return place.replace('*', place === PERSIST_PLACES.interfaces ? device.replaceAll('.', '_') : device);
}

/** Whether a path is of this place, whatever the device. */
export function isAt(place: PersistPlace, path: string): boolean {
  const [beginning = '', end = ''] = place.split('*');
  return path.startsWith(beginning) && path.endsWith(end);
}

/** Beside the file it will replace: no program that reads these folders takes a hidden file with this ending. */
export function stagedPath(path: string): string {
  return path.replace(/[^/]+$/, '.$&.tunorch-new');
}

/** What can bring a tunnel back when its host boots. */
export type BackEndName = (typeof BACK_END_NAMES)[number];

export const BACK_END_NAMES = ['systemd'] as const;

/** `auto`: what runs the host, where it can express the tunnel. */
export type PersistChoice = 'auto' | BackEndName;

/** Something of ours in a host's file system. */
export type StoredFile =
  | { readonly kind: 'text'; readonly path: string; readonly text: string /** Octal, as chmod(1) takes it. */; readonly mode: string }
  | { readonly kind: 'symlink'; readonly path: string; readonly target: string };

/** What a host has to bring tunnels back, and what it has brought back. */
export interface ObservedPersistence {
  /** What runs there; nothing where the host is a network namespace beside others, which no boot makes. */
  readonly backEnds: ReadonlySet<BackEndName>;
  /** Everything with a name of {@link PERSIST_PLACES}, whoever wrote it, and what a run left half done. */
  readonly files: readonly StoredFile[];
}

/** Beginnings of the paths of our files; the device's name follows. */
export const PERSIST_PLACES = {
  modules: '/etc/modules-load.d/tunorch-',
  sysctl: '/etc/sysctl.d/90-tunorch-',
  unit: '/etc/systemd/system/tunorch-',
  wanted: '/etc/systemd/system/multi-user.target.wants/tunorch-',
} as const;

/** Beside the file it will replace: no program that reads these folders takes a file with this ending. */
export function stagedPath(path: string): string {
  return `${path}.tunorch-new`;
}

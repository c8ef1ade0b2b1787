import type { Shard } from '../run/shard.ts';
import type { OutputKind } from '../ui/choose-output.ts';
import type { ListenAddress } from './watch/metrics-address.ts';

/** The flags of a run as the command line parser leaves them. */
export interface RunFlags {
  readonly inventory?: readonly string[];
  readonly lockFile?: string;
  readonly limit?: string;
  readonly tags?: string;
  readonly forks: number;
  readonly user?: string;
  readonly askPass?: boolean;
  readonly askBecomePass?: boolean;
  readonly privateKey?: string;
  readonly timeout: number;
  readonly transport: 'auto' | 'ssh2' | 'openssh';
  readonly output?: OutputKind;
  readonly shard?: Shard;
  readonly verbose: number;
  readonly color: boolean;
  readonly yes?: boolean;
  readonly check?: boolean;
  readonly diff?: boolean;
  readonly deadline?: number;
  /** False with --no-rollback. */
  readonly rollback?: boolean;
  readonly lockWait?: number;
  readonly unloadModules?: boolean;
  readonly adopt?: boolean;
  readonly prune?: boolean;
  readonly detailedExitcode?: boolean;
  /** Where `plan` writes what it found. */
  readonly out?: string;
  /** What `up` is to do, and nothing else. */
  readonly plan?: string;
}

/** The flags of `capture`. */
export interface CaptureFlags extends RunFlags {
  readonly passive?: boolean;
  readonly pings: number;
  readonly count: number;
  readonly duration: number;
  /** Where files begin with. */
  readonly write?: string;
}

/** The flags of `play`. */
export interface PlayFlags extends RunFlags {
  readonly list?: boolean;
  /** Name of a play, or its number from 1. */
  readonly startAt?: string;
}

/** The flags of `watch`. */
export interface WatchFlags extends RunFlags {
  /** Seconds. */
  readonly interval: number;
  readonly retries: number;
  readonly heal?: boolean;
  readonly healPerHour: number;
  readonly metrics?: ListenAddress;
  /** For the shell of this machine. */
  readonly exec?: string;
}

/** The flags of `inventory`; of the five that say what to print, one. */
export interface InventoryFlags {
  readonly inventory?: readonly string[];
  readonly lockFile?: string;
  readonly color: boolean;
  readonly list?: boolean;
  readonly host?: string;
  readonly swanctl?: string;
  readonly graph?: boolean;
  readonly format?: 'svg' | 'mermaid' | 'dot';
  /** Events of a run to colour the picture by. */
  readonly health?: string;
  readonly validate?: boolean;
}

import type { LabImage } from './image.ts';
import type { Accelerator } from './qemu.ts';
import type { Lifetime } from './supervise.ts';
import type { Topology } from './topology.ts';

/** A running guest, as plain data. */
export interface Guest {
  readonly name: string;
  readonly index: number;
  /** Of the shell that runs QEMU, and leads their process group. It stays over a reboot. */
  readonly pid: number;
  /** Of 127.0.0.1; leads to the guest's sshd. */
  readonly port: number;
  readonly hostKey: string;
  readonly consolePath: string;
  readonly qmpPath: string;
}

/**
 * A lab and where its parts are; plain data, so it goes through JSON to another process.
 *
 * Everything that acts on it is a function: `labExec`, `cutLink`, `pauseGuest`, `applyTopology`, …
 */
export interface Lab {
  readonly name: string;
  readonly topology: Topology;
  readonly lifetime: Lifetime;
  readonly accelerator: Accelerator;
  /** One of each kind its guests boot. */
  readonly images: readonly LabImage[];
  readonly folder: string;
  readonly socketFolder: string;
  readonly inventoryPath: string;
  readonly knownHostsPath: string;
  /** The same keys under hashed names (`HashKnownHosts`). */
  readonly hashedKnownHostsPath: string;
  readonly keyPath: string;
  readonly guests: readonly Guest[];
}

/** Users every guest has, all with the lab’s key: `ops` has sudo with a password, `deploy` sudo without, `plain` none. */
export type LabUser = 'root' | 'ops' | 'deploy' | 'plain';

/** What sudo, and sshd by password, ask of user `ops`. */
export const OPS_PASSWORD = 'ops-secret';

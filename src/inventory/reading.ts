import type { LockUpdate } from '../domain/allotment.ts';
import type { Diagnostic } from '../domain/diagnostic.ts';
import type { DesiredState } from '../domain/tunnel.ts';
import type { Groups } from './ansible/groups.ts';
import type { Vars } from './ansible/vars.ts';

/** A file of the inventory. Its path says what it holds: `group_vars/NAME`, `host_vars/NAME`, or hosts and tunnels. */
export interface InventoryFile {
  readonly path: string;
  readonly text: string;
}

/** Path of the inventory that is read from stdin, beside which no file can lie. */
export const STDIN_PATH = '<stdin>';

/** A value written as `!env NAME` or `!file PATH`. */
export interface SecretReference {
  readonly from: 'env' | 'file';
  /** Name of the variable, or path as written: relative to the folder of {@link SecretReference.inventory}. */
  readonly name: string;
  /** Path of the file that refers to it. */
  readonly inventory: string;
}

export interface ReadingOptions {
  /**
   * Reads a secret of a host that a tunnel uses; undefined where there is none.
   * Left out: secrets are not read, and hosts come without them (enough to check a file).
   */
  readonly readSecret?: (reference: SecretReference) => string | undefined;
  /** The lock files that are there; what a mesh has in none is given out anew. */
  readonly locks?: readonly InventoryFile[];
  /** Path of the one lock file of all meshes; left out: each is beside the file that declares the mesh. */
  readonly lockFile?: string;
}

export interface InventoryReading {
  /** Absent when any diagnostic is an error. */
  readonly desired?: DesiredState;
  readonly groups: Groups;
  /** All variables of each host after precedence; secrets as `***`. */
  readonly hostVars: ReadonlyMap<string, Vars>;
  /** Lock files that would have to be written for what new tunnels of meshes were given. */
  readonly lockUpdates: readonly LockUpdate[];
  /** Every problem of all files, in the order of the files. */
  readonly diagnostics: readonly Diagnostic[];
}

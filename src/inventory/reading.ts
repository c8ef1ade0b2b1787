import type { Diagnostic } from '../domain/diagnostic.ts';
import type { DesiredState } from '../domain/tunnel.ts';
import type { Groups } from './ansible/groups.ts';
import type { Vars } from './ansible/vars.ts';

/** A file of the inventory. Its path says what it holds: `group_vars/NAME`, `host_vars/NAME`, or hosts and tunnels. */
export interface InventoryFile {
  readonly path: string;
  readonly text: string;
}

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
}

export interface InventoryReading {
  /** Absent when any diagnostic is an error. */
  readonly desired?: DesiredState;
  readonly groups: Groups;
  /** All variables of each host after precedence; secrets as `***`. */
  readonly hostVars: ReadonlyMap<string, Vars>;
  /** Every problem of all files, in the order of the files. */
  readonly diagnostics: readonly Diagnostic[];
}

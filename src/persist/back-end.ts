import type { Endpoint } from '../domain/endpoint.ts';
import type { BackEndName, StoredFile } from '../domain/persistence.ts';

/** One end of a tunnel as it is to come back at boot. */
export interface PersistedEnd {
  readonly endpoint: Endpoint;
  /** What a run does to make the link with its addresses and routes: words of `ip`, in this order. */
  readonly commands: readonly (readonly string[])[];
  /** What is set only because of this tunnel, by the paths below /proc/sys. */
  readonly sysctls: readonly { readonly path: string; readonly value: string }[];
}

/** What can bring a tunnel back at boot: a new one is one file and one line in the registry. */
export interface BackEnd {
  readonly name: BackEndName;
  /** Beginnings of the paths of its files. */
  readonly places: readonly string[];
  /** Its own files, in the order they are placed. */
  files(end: PersistedEnd): readonly StoredFile[];
  /** Makes it read its files anew; does nothing to any link. */
  readonly reload?: readonly string[];
}

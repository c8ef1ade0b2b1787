import type { Prefix } from '../domain/address.ts';
import type { Endpoint } from '../domain/endpoint.ts';
import type { BackEndName, PersistObstacle, PersistPlace, StoredFile } from '../domain/persistence.ts';

/** One end of a tunnel as it is to come back at boot. */
export interface PersistedEnd {
  readonly endpoint: Endpoint;
  /** What tells that its link is ours: an alias, and the number of a device group. */
  readonly mark: { readonly alias: string; readonly group: string };
  /** What a run does to make the link: words of `ip`, in this order. */
  readonly linkCommands: readonly (readonly string[])[];
  /** What it does then to give it addresses and routes. */
  readonly innerCommands: readonly (readonly string[])[];
  readonly routes: readonly PersistedRoute[];
  /** What is set only because of this tunnel, by the paths below /proc/sys. */
  readonly sysctls: readonly { readonly path: string; readonly value: string }[];
}

export interface PersistedRoute {
  readonly to: Prefix;
  readonly table: number;
  readonly metric: number;
  /** Number of the routing protocol that marks it. */
  readonly protocol: string;
}

/** What can bring a tunnel back at boot: a new one is one file and one line in the registry. */
export interface BackEnd {
  readonly name: BackEndName;
  /** Where its files lie, but for those that several have. */
  readonly places: readonly PersistPlace[];
  /** What it cannot do without. */
  readonly needs: readonly PersistObstacle[];
  /** Fields of the tunnel that it has no words for; left out: it has words for all. */
  inexpressible?(endpoint: Endpoint): readonly string[];
  /** Its own files, in the order they are placed. */
  files(end: PersistedEnd): readonly StoredFile[];
  /** Makes it read its files anew; does nothing to any link. */
  readonly reload?: readonly string[];
  /** A program that is to say, before a file takes its place, that it understands it. */
  readonly check?: { readonly place: PersistPlace; readonly tool: 'netplan' };
}

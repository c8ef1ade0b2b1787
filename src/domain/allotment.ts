import type { IpAddress } from './address.ts';

/** What one tunnel of a mesh was given, once: it keeps it until somebody deletes it from the lock file. */
export interface Allotment {
  readonly mesh: string;
  readonly tunnel: string;
  /** Key, or virtual network of vxlan; absent where the mode has none. */
  readonly key?: number;
  /** The two addresses of one /31 or /127. */
  readonly ends: readonly [AllottedEnd, AllottedEnd];
  /** Not one of the mesh's tunnels any more; nobody else is given what it had. */
  readonly isReleased: boolean;
}

export interface AllottedEnd {
  readonly host: string;
  readonly address: IpAddress;
  readonly device: string;
}

/** A lock file as it will be, and what is new in it. */
export interface LockUpdate {
  readonly path: string;
  readonly text: string;
  /** What the file has now; absent where there is none. */
  readonly before?: string;
  readonly allotted: readonly Allotment[];
  readonly released: readonly Allotment[];
}

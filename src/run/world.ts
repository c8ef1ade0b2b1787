import type { IpAddress } from '../domain/address.ts';
import type { LockUpdate } from '../domain/allotment.ts';
import type { Host } from '../domain/host.ts';
import type { Tunnel } from '../domain/tunnel.ts';
import type { ForeignDevices } from '../plan/conflicts.ts';
import type { Commands } from '../plan/plan-commands.ts';
import type { TunnelPlan } from '../plan/plan-tunnel.ts';
import type { Transport } from '../transport/transport.ts';
import type { Command, RunEvent } from './events.ts';

/** An event before it has its time. */
export type Unstamped = RunEvent extends infer Event ? (Event extends unknown ? Omit<Event, 'at'> : never) : never;

/** Everything a run touches that is not itself. */
export interface World {
  readonly transport: Transport;
  readonly report: (event: Unstamped) => void;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** 0 up to 1, at random: keeps two runs that wait for each other's hosts from meeting again and again. */
  readonly jitter: () => number;
  /** From a generator fit for keys (CSPRNG). */
  readonly randomBytes: (count: number) => Buffer;
  /** Aborted by Ctrl-C, SIGTERM or SIGHUP: nothing new is begun, what was begun is rolled back. */
  readonly interrupt: AbortSignal;
}

/** How packets are watched. */
export interface CaptureRequest {
  /** Packets kept of each host at most. */
  readonly packets: number;
  /** Seconds to listen where nothing is sent. */
  readonly seconds: number;
  /** Echo requests each way; 0: nothing is sent. */
  readonly echoes: number;
  /** Takes what a host captured, as a file that Wireshark opens. */
  readonly keep?: (tunnel: string, host: string, file: Uint8Array) => void;
}

/** What is to be done. */
export interface RunRequest {
  readonly command: Command;
  /** Plan only, change nothing (`--check`). */
  readonly isCheck: boolean;
  readonly hosts: ReadonlyMap<string, Host>;
  /** The inventory as the command line names it, for commands to type; left out: nobody will type any. */
  readonly inventories?: readonly string[];
  /** Whether a tunnel that carries nothing is looked into before it is rolled back. */
  readonly isExplained?: boolean;
  /** The selected ones, in the order of the inventory. */
  readonly tunnels: readonly Tunnel[];
  /** Hosts worked on at once. */
  readonly forks: number;
  /** Seconds a host waits for the commit before it undoes by itself; left out: 60 more than the run is expected to take. */
  readonly deadlineSeconds?: number;
  /** What becomes of a tunnel that failed: `leave` keeps both ends as the failure found them (`--no-rollback`). */
  readonly onFailure: 'roll-back' | 'leave';
  /** Whether the modules of tunnels that are gone are unloaded, where nothing else needs them. */
  readonly unloadsModules?: boolean;
  readonly foreignDevices: ForeignDevices;
  /** What to do with tunnels of ours that the inventory does not have any more: tell, or remove (`--prune`). */
  readonly strays: 'tell' | 'remove';
  /** Names of all tunnels of the inventory, selected or not. */
  readonly declared: ReadonlySet<string>;
  /** With `run`, all that is done; with `up` and `down`, what belongs to the changes of each tunnel. */
  readonly commands?: Commands;
  /** With `undo`: what was changed of each tunnel, to be brought back. */
  readonly changed?: ReadonlyMap<string, TunnelPlan>;
  /** Takes the plan of each tunnel that was changed, for whoever may have to bring it back. */
  readonly keep?: (plan: TunnelPlan) => void;
  /** With `capture`. */
  readonly capture?: CaptureRequest;
  /** Lock files with something new for tunnels of meshes, and whether it was written. */
  readonly locks?: { readonly updates: readonly LockUpdate[]; readonly isWritten: boolean };
  /** Seconds to wait for hosts that another run holds. */
  readonly lockWaitSeconds: number;
  /** `[A-Za-z0-9-]+`, unique. */
  readonly runId: string;
  /** Who runs what, shown to whoever finds a host locked. */
  readonly owner: string;
  readonly version: string;
  /** What was agreed to, by tunnel: the digest of its plan (`--plan`). A tunnel whose plan is another one now is left alone. */
  readonly agreed?: ReadonlyMap<string, string>;
  /** Exit 2 where changes are pending. */
  readonly hasDetailedExitCode: boolean;
  /** Outer addresses of hosts by which they are dialled, where those are addresses. */
  readonly addresses: ReadonlyMap<string, readonly IpAddress[]>;
}

/** What every phase of a run is given. */
export interface Context {
  readonly request: RunRequest;
  readonly world: World;
}

/** Waits for one of the `forks` places, then does the work. */
export type InTurn = <T>(work: () => Promise<T>) => Promise<T>;

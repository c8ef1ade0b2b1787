import type { ImageKind } from './image-kind.ts';

/** One plug of a link: a device of a host. */
export interface Plug {
  readonly host: string;
  readonly device: string;
}

/** A cable between two hosts; a veth pair when both live in one guest. */
export type LabLink = readonly [Plug, Plug];

export interface LabRoute {
  /** A prefix, or `default`. */
  readonly to: string;
  readonly via: string;
}

export interface LabHost {
  readonly name: string;
  /** The guest whose network namespace this host is; absent when the host is a guest of its own. */
  readonly inside?: string;
  /** What a guest boots; `minimal` when absent. */
  readonly image?: ImageKind;
  /** Addresses with prefix length, by device. */
  readonly addresses?: Readonly<Record<string, readonly string[]>>;
  readonly routes?: readonly LabRoute[];
  readonly sysctls?: Readonly<Record<string, string>>;
  /** Devices on whose way out every source address becomes the router's own. */
  readonly masquerade?: readonly string[];
}

/** Hosts and the links between them, as data. */
export interface Topology {
  readonly name: string;
  /** One line for lists. */
  readonly summary: string;
  readonly hosts: readonly LabHost[];
  readonly links: readonly LabLink[];
  /** The `tunnels:` part of the inventory that goes with it, as YAML; absent when there is none to try. */
  readonly tunnels?: string;
  /** What to type after the tunnel is up to see it work: a host and a command. */
  readonly tryOut?: { readonly host: string; readonly argv: readonly string[] };
}

/** The hosts that are guests with a kernel of their own. */
export function guestsOf(topology: Topology): readonly LabHost[] {
  return topology.hosts.filter((host) => host.inside === undefined);
}

/** What a guest of the topology boots. */
export function imageOf(host: LabHost): ImageKind {
  return host.image ?? 'minimal';
}

/** The name of the guest a host lives in: itself, or the one it is a namespace of. */
export function guestOf(topology: Topology, name: string): string | undefined {
  const host = topology.hosts.find((one) => one.name === name);
  return host === undefined ? undefined : (host.inside ?? host.name);
}

/** The links that cross from one guest to another. */
export function cablesOf(topology: Topology): readonly LabLink[] {
  return topology.links.filter(([one, other]) => guestOf(topology, one.host) !== guestOf(topology, other.host));
}

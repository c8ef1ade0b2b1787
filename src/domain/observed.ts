import type { IpAddress, Prefix } from './address.ts';
import type { FouPort } from './encapsulation.ts';
import type { IpsecPolicy, SecurityAssociation } from './ipsec.ts';
import type { LoneDecision } from './lone-decision.ts';
import type { Clamp } from './mss-clamp.ts';
import type { ObservedPersistence } from './persistence.ts';
import type { PolicyRule } from './policy-rule.ts';
import type { Nexthop } from './route.ts';
import type { ModeName } from './tunnel.ts';

/** What the kernel knows of one device, by iproute2's option names. An attribute left out has the kernel's default. */
export type Attributes = Readonly<Record<string, string | number | boolean>>;

/** What one host's kernel said of itself in one gathering. */
export interface ObservedHost {
  readonly host: string;
  readonly kernelRelease: string;
  /** `net:[4026531840]`: hosts may be namespaces that share one file system. */
  readonly networkNamespace: string;
  readonly links: readonly ObservedLink[];
  readonly routes: readonly ObservedRoute[];
  /** By the path below /proc/sys, such as `net/ipv4/ip_forward`. */
  readonly sysctls: ReadonlyMap<string, string>;
  /** By module name. */
  readonly modules: ReadonlyMap<string, ModuleSupport>;
  /** Whether `routes` is the whole of every table, or only what concerns the tunnels, because the tables are too large. */
  readonly hasAllRoutes: boolean;
  /** What `ip route get` answered, by {@link lookupKey}. */
  readonly lookups: ReadonlyMap<string, RouteLookup>;
  /** Bytes of the largest packet that arrives, by {@link lookupKey}; only of paths that were measured and whose far end answers. */
  readonly pathMtus?: ReadonlyMap<string, number>;
  /** Known where a tunnel has routes in tables of their own; else empty. */
  readonly rules: readonly PolicyRule[];
  /** What it encrypts, whoever set it up, as far as tunorch could mistake it for its own. */
  readonly associations: readonly SecurityAssociation[];
  readonly policies: readonly IpsecPolicy[];
  /** Known where a link's alias speaks of one, or a tunnel asks for one. */
  readonly fouPorts: readonly FouPort[];
  /** Rules of tunorch's own; known where a link's alias speaks of them, or a tunnel asks for them. */
  readonly clamps: readonly Clamp[];
  /** Programs found in PATH, of those tunorch may use. */
  readonly programs: ReadonlySet<string>;
  /** CAP_NET_ADMIN (capabilities(7)); root in a container may lack it. */
  readonly canAdministerNetwork: boolean;
  /** What it decided alone since it was last changed, the oldest first. */
  readonly decisions: readonly LoneDecision[];
  /** Another run holds its lock: who, when it was taken and the time there, a line each. What is half made is that run's. */
  readonly runAtWork?: string;
  readonly persistence: ObservedPersistence;
  /** Addresses of the SSH connection as the host sees them. */
  readonly ssh?: { readonly clientAddress: IpAddress; readonly serverAddress: IpAddress };
}

export interface ObservedLink {
  readonly device: string;
  /** `info_kind` of ip-link(8); absent on a plain device. */
  readonly kind?: string;
  /** The mode it belongs to, where tunorch knows it: of two modes that are one kind, what tells them apart is an attribute. */
  readonly mode?: ModeName;
  readonly alias?: string;
  /** Administratively up. */
  readonly isUp: boolean;
  readonly mtuBytes: number;
  /** Complete for the modes tunorch knows, empty for others. */
  readonly attributes: Attributes;
  readonly addresses: readonly ObservedAddress[];
  /** What `ip link set` set on it beside its mode, by the words of ip-link(8); what a new link has anyway is left out. */
  readonly settings?: Readonly<Record<string, string>>;
  /** What else hangs on it that nobody could write back, in words for people. */
  readonly burdens?: readonly string[];
  /** The device it lies on, where that is not one of its attributes: of a VLAN, a macvlan. */
  readonly over?: string;
}

export interface ObservedAddress {
  readonly address: IpAddress;
  readonly length: number;
  readonly peer?: IpAddress;
  /** Made by the kernel itself (an IPv6 link-local address) or by a daemon with a lifetime: not tunorch's to remove. */
  readonly isKernelMade: boolean;
}

/** A route as `ip -d -j route show table all` prints it. */
export interface ObservedRoute {
  readonly to: Prefix;
  /** `unicast`, `blackhole`, `unreachable`, `local` … (ip-route(8)). */
  readonly type: string;
  /** Empty for a route without a device. */
  readonly device: string;
  /** Of a multipath route, which is told as one route for each of them: all its nexthops. */
  readonly nexthops?: readonly Nexthop[];
  readonly gateway?: IpAddress;
  readonly source?: IpAddress;
  readonly table: number;
  readonly metric: number;
  /** `kernel`, `static`, `dhcp`, `bgp`, or a number as text. */
  readonly protocol: string;
  /** `link`, `global`, `host` … where iproute2 prints it. */
  readonly scope?: string;
  /** Whether everything that was printed of it is in these fields, so that it can be written back as it was. */
  readonly isRestorable: boolean;
}

/** Where the host would send a packet now. */
export type RouteLookup =
  | {
      readonly found: true;
      readonly device: string;
      readonly source?: IpAddress;
      /** Less than the link's where the route says so, or a router has lately (ip-route(8), `mtu`). */
      readonly mtuBytes?: number;
    }
  | { readonly found: false };

/** Whether the kernel can do a thing, in the order it is asked. */
export type ModuleSupport = { readonly state: 'loaded' | 'built-in' | 'loadable' } | { readonly state: 'absent'; readonly reason: ModuleAbsence };

/** Why a module cannot be had. */
export type ModuleAbsence =
  | 'no-such-module'
  | 'blacklisted'
  | 'disabled-by-install-rule'
  | 'kernel-upgraded-without-reboot'
  | 'loading-disabled'
  | 'container'
  | 'modprobe-missing';

/** The question put to `ip route get`. */
export interface RouteQuestion {
  readonly to: IpAddress;
  readonly from?: IpAddress;
}

export function lookupKey({ to, from }: RouteQuestion): string {
  return from === undefined ? to : `${to} from ${from}`;
}

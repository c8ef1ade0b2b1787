import type { Family, IpAddress } from '../domain/address.ts';
import type { Endpoint } from '../domain/endpoint.ts';
import type { Attributes } from '../domain/observed.ts';
import type { InnerAddress, ModeName, Ttl, TunnelOptions } from '../domain/tunnel.ts';

/** A JSON Schema (draft 2020-12), kept as plain data so that it can be printed and compiled. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** What `linkinfo.info_data` of `ip -d -j link` has. */
export type InfoData = Readonly<Record<string, unknown>>;

/** What must be known of an endpoint to tell its device from others. */
export type Identified = Pick<Endpoint, 'local' | 'remote' | 'ikey' | 'dev' | 'vni' | 'port'>;

/** What must be known of an endpoint to count the bytes its device adds. */
export type Weighed = Pick<Endpoint, 'okey' | 'csum' | 'seq' | 'encaplimit' | 'encap' | 'ipsec'> & { readonly remote: IpAddress };

/** IP protocol of outer packets, and where that is UDP, the port they are sent to. */
export interface OuterProtocol {
  readonly protocol: number;
  readonly port?: number;
}

/** A rule of the kernel that is broken although each field by itself is right. */
export interface Fault {
  readonly field: string;
  /** «… needs ttl: inherit»: completes a sentence about the tunnel. */
  readonly message: string;
  readonly hint: string;
}

/** Everything tunorch knows about one tunnel type: a new mode is one file and one line in the registry. */
export interface Mode {
  readonly name: ModeName;
  /** `TYPE` of ip-link(8), which is also `info_kind`. */
  readonly kind: string;
  /** Tells the devices of this mode from those of another with the same kind. */
  isOne?(infoData: InfoData): boolean;
  /** Families the outer addresses may have; both ends have the same. */
  readonly underlay: readonly Family[];
  /** Families that may be carried inside. */
  inner(options: TunnelOptions): readonly Family[];
  /** Its devices have an Ethernet address and neighbours, as against those that join two ends and nothing else. */
  readonly isEthernet: boolean;
  /** What its packets are to a firewall, in words: `IP protocol 47`. */
  readonly outer: string;
  /** The same in numbers. None where it only carries what IPsec policies with its key as mark protect. */
  protocols(options: TunnelOptions): readonly OuterProtocol[];
  /** Modules to load in this order (kmod aliases `rtnl-link-<kind>`). */
  readonly modules: readonly string[];
  /** Devices the modules create by themselves; never touched, never deletable. */
  readonly fallbackDevices: readonly string[];
  /** Whether its devices have keys. */
  readonly hasKey: boolean;
  /** Fields in which two devices of this mode must differ on one host. */
  readonly toldApartBy: readonly string[];
  /** Modes that hear nothing where this one has a device between the same outer addresses: it is asked first, and drops what is not its own. */
  readonly shadows?: readonly ModeName[];
  /** Properties of a tunnel declaration that only some modes have. */
  readonly tunnelSchema: JsonSchema;
  /** Those of them that must be there. */
  readonly required?: readonly string[];
  /** Properties of an endpoint declaration that only some modes have. */
  readonly endpointSchema: JsonSchema;
  /** Fields that do not go together. */
  faults?(tunnel: TunnelOptions & { readonly ttl: Ttl }): readonly Fault[];
  /** Why an inner address cannot be one of this mode's. */
  addressFault?(address: InnerAddress, local: IpAddress | undefined): Omit<Fault, 'field'> | undefined;
  /** Why no network can be reached through it, where that is so. */
  readonly withoutNetworks?: Omit<Fault, 'field'>;
  /** The smallest MTU the kernel lets a device have, bytes. */
  leastMtu(options: TunnelOptions): number;
  /** The largest MTU whose packets fit into an outer one, or that the kernel lets a device have, bytes. */
  mostMtu(endpoint: Weighed): number;
  /** Bytes this tunnel adds to each packet of a size that fills `roomBytes` of the underlay. */
  overheadBytes(endpoint: Weighed, roomBytes: number): number;
  /**
   * IP protocol of its packets where they are put into UDP (`encap`): undefined where there may be several, which only gue can tell
   * apart. Left out: the kernel cannot do it.
   */
  encapsulated?(options: TunnelOptions): number | undefined;
  /** What must be unique on a host, with the kind: two devices with one identity are refused by the kernel with «File exists». */
  identity(endpoint: Identified): string;
  /** The endpoint's attributes, complete. */
  attributes(endpoint: Endpoint): Attributes;
  /** Attributes from `linkinfo.info_data` of `ip -d -j link`, complete. */
  parse(infoData: InfoData): Attributes;
  /** Whether `ip link change` brings an attribute from one value to another; if not, it takes delete and add. */
  isChangeable(name: string, between: { readonly from: Attributes; readonly to: Attributes }): boolean;
  /** Words after `type KIND` for `ip link add`. */
  addArguments(attributes: Attributes): readonly string[];
  /** Words after `type KIND` of each `ip link change`: everything restated, what is gone switched off. */
  changeArguments(from: Attributes, to: Attributes): readonly (readonly string[])[];
  /** What else to look at when nothing crosses it. */
  readonly silenceHint?: string;
}

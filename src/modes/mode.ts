import type { Family } from '../domain/address.ts';
import type { Endpoint } from '../domain/endpoint.ts';
import type { Attributes } from '../domain/observed.ts';
import type { ModeName } from '../domain/tunnel.ts';

/** A JSON Schema (draft 2020-12), kept as plain data so that it can be printed and compiled. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** Everything tunorch knows about one tunnel type: a new mode is one file and one line in the registry. */
export interface Mode {
  readonly name: ModeName;
  /** Family of the outer addresses. */
  readonly underlay: Family;
  /** Families that may be carried inside. */
  readonly inner: readonly Family[];
  /** Modules to load in this order (kmod aliases `rtnl-link-<kind>`). */
  readonly modules: readonly string[];
  /** Devices the modules create by themselves; never touched, never deletable. */
  readonly fallbackDevices: readonly string[];
  /** Whether packets carry a key, so that several tunnels between the same addresses can be told apart. */
  readonly hasKey: boolean;
  /** Properties of a tunnel declaration that only some modes have. */
  readonly tunnelSchema: JsonSchema;
  /** Properties of an endpoint declaration that only some modes have. */
  readonly endpointSchema: JsonSchema;
  /** Attributes the kernel accepts in `ip link change`; any other difference needs delete and add. */
  readonly changeable: ReadonlySet<string>;
  /** Bytes this tunnel adds to each packet. */
  overheadBytes(endpoint: Pick<Endpoint, 'okey'>): number;
  /** What must be unique on a host: two devices with one identity are refused by the kernel with «File exists». */
  identity(endpoint: Pick<Endpoint, 'local' | 'remote' | 'ikey' | 'dev'>): string;
  /** The endpoint's attributes, complete. */
  attributes(endpoint: Endpoint): Attributes;
  /** Attributes from `linkinfo.info_data` of `ip -d -j link`, complete. */
  parse(infoData: Readonly<Record<string, unknown>>): Attributes;
  /** Words after `type NAME` for `ip link add`. */
  addArguments(attributes: Attributes): readonly string[];
  /** Words after `type NAME` for `ip link change`: everything restated, what is gone switched off. */
  changeArguments(from: Attributes, to: Attributes): readonly string[];
}

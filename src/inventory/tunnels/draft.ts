import type { IpAddress, Prefix } from '../../domain/address.ts';
import type { Encapsulation } from '../../domain/encapsulation.ts';
import type { MssClamp } from '../../domain/mss-clamp.ts';
import type { PersistChoice } from '../../domain/persistence.ts';
import type { DeclaredRoute, InnerAddress, Ttl, Tunnel, TunnelOptions, VerifyRules } from '../../domain/tunnel.ts';
import type { Mode } from '../../modes/mode.ts';
import type { Located } from '../source.ts';
import type { Scalar } from '../tree.ts';

/** A value that knows where it was written. */
export interface Written<T> {
  readonly value: T;
  readonly at: Located;
}

/** A tunnel as far as it could be read: what had the wrong shape is left out and was reported. */
export interface TunnelDraft extends TunnelOptions {
  readonly name: string;
  readonly at: Scalar;
  readonly mode: Mode;
  readonly ttl: Ttl;
  readonly mtuBytes?: Written<number>;
  readonly encap?: Encapsulation;
  readonly mssClamp?: MssClamp;
  readonly state: Tunnel['state'];
  readonly tags: readonly string[];
  readonly description?: string;
  readonly verify: VerifyRules;
  /** Of a tunnel of a mesh. */
  readonly pool?: Prefix;
  readonly targets: readonly Written<IpAddress>[];
  readonly persist?: PersistChoice;
  readonly ends: readonly [EndDraft, EndDraft];
  /** Where each field of it was written. */
  readonly fields: ReadonlyMap<string, Located>;
}

/** One end of a {@link TunnelDraft}. */
export interface EndDraft {
  readonly host: Written<string>;
  readonly device: Written<string>;
  readonly local?: Written<IpAddress>;
  readonly public?: Written<IpAddress>;
  readonly publicPort?: number;
  readonly dev?: Written<string>;
  readonly ikey?: number;
  readonly fwmark?: number;
  readonly addresses: readonly Written<InnerAddress>[];
  readonly networks: readonly Written<Prefix>[];
  readonly routes: readonly Written<DeclaredRoute>[];
  readonly metric?: number;
  readonly table?: number;
  readonly weight?: number;
  readonly forwarding: boolean;
  /** Where `networks`, `routes` and the like were written. */
  readonly fields: ReadonlyMap<string, Located>;
}

/** The finished tunnel. */
export function tunnelOf(draft: TunnelDraft): Tunnel {
  const { at: _at, fields: _fields, ends, mode, mtuBytes, verify, targets, ...rest } = draft;
  const [first, second] = ends;
  return {
    ...rest,
    mode: mode.name,
    verify: { ...verify, ...(targets.length === 0 ? {} : { targets: targets.map(({ value }) => value) }) },
    ...(mtuBytes === undefined ? {} : { mtuBytes: mtuBytes.value }),
    endpoints: [endOf(first), endOf(second)],
  };
}

function endOf({
  host,
  device,
  local,
  public: publicAddress,
  dev,
  addresses,
  networks,
  routes,
  fields: _fields,
  ...rest
}: EndDraft): Tunnel['endpoints'][0] {
  return {
    ...rest,
    host: host.value,
    device: device.value,
    ...(local === undefined ? {} : { local: local.value }),
    ...(publicAddress === undefined ? {} : { public: publicAddress.value }),
    ...(dev === undefined ? {} : { dev: dev.value }),
    addresses: addresses.map(({ value }) => value),
    networks: networks.map(({ value }) => value),
    routes: routes.map(({ value }) => value),
  };
}

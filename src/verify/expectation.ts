import { contains, familyOf, type IpAddress, type Prefix } from '../domain/address.ts';
import type { ObservedHost } from '../domain/observed.ts';
import { addressesIn } from '../domain/observed-index.ts';
import type { InnerAddress, ModeName, Tunnel, TunnelEnd, VerifyRules } from '../domain/tunnel.ts';

/** What one end has to hear from its peer for a tunnel to be healthy. */
export interface Expectation {
  readonly tunnel: string;
  readonly mode: ModeName;
  /** Its outer packets travel in ESP. */
  readonly isEncrypted: boolean;
  readonly host: string;
  readonly peerHost: string;
  readonly device: string;
  /** The peer's inner addresses this end can reach: one of each family, those of the family this end has an address of. */
  readonly targets: readonly IpAddress[];
  /** Addresses behind the peer that have to answer as well. */
  readonly beyond: readonly IpAddress[];
  readonly rules: VerifyRules;
  /** The peer sits behind NAT, which may let packets in only once it has sent some itself. */
  readonly isPeerHidden: boolean;
  /** Whether a declared NAT lies between the ends, and what passes one that translates ports. */
  readonly nat: 'none' | 'declared' | 'in-udp';
}

/**
 * Both directions of a tunnel; each end asks for itself.
 *
 * @param observed - what is known of the hosts: with it, each end also asks for the peer's own address in each network behind it
 */
export function expectationsOf(tunnel: Tunnel, observed: ReadonlyMap<string, ObservedHost> = new Map()): readonly Expectation[] {
  const [one, other] = tunnel.endpoints;
  return [expectation(tunnel, [one, other], observed), expectation(tunnel, [other, one], observed)];
}

function expectation(tunnel: Tunnel, [end, peer]: readonly [TunnelEnd, TunnelEnd], observed: ReadonlyMap<string, ObservedHost>): Expectation {
  const reached = [...peer.networks, ...end.routes.map(({ to }) => to)];
  const declared = (tunnel.verify.targets ?? []).filter((target) => reached.some((prefix) => contains(prefix, target)));
  const own = peer.networks.flatMap((network) => ownAddressIn(network, peer, observed.get(peer.host)) ?? []);
  return {
    tunnel: tunnel.name,
    mode: tunnel.mode,
    isEncrypted: tunnel.ipsec === true,
    host: end.host,
    peerHost: peer.host,
    device: end.device,
    targets: ([4, 6] as const).flatMap((family) => {
      const target = first(peer.addresses, family);
      return target !== undefined && first(end.addresses, family) !== undefined ? [target] : [];
    }),
    beyond: [...new Set([...declared, ...own])],
    rules: tunnel.verify,
    isPeerHidden: peer.public !== undefined && end.public === undefined,
    nat: end.public === undefined && peer.public === undefined ? 'none' : tunnel.encap === undefined ? 'declared' : 'in-udp',
  };
}

/** Where the host has none there, it is reached by a router of its own, and nobody says who is in it. */
function ownAddressIn(network: Prefix, { device }: TunnelEnd, host: ObservedHost | undefined): IpAddress | undefined {
  return addressesIn(host?.links ?? [], network).find(({ link }) => link.device !== device && link.isUp)?.address;
}

function first(addresses: readonly InnerAddress[], family: 4 | 6): IpAddress | undefined {
  return addresses.find(({ address }) => familyOf(address) === family)?.address;
}

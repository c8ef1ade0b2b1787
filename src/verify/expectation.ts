import { familyOf, type IpAddress } from '../domain/address.ts';
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
  readonly rules: VerifyRules;
}

/** Both directions of a tunnel; each end asks for itself. */
export function expectationsOf(tunnel: Tunnel): readonly Expectation[] {
  const [first, second] = tunnel.endpoints;
  return [expectation(tunnel, first, second), expectation(tunnel, second, first)];
}

function expectation(tunnel: Tunnel, end: TunnelEnd, peer: TunnelEnd): Expectation {
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
    rules: tunnel.verify,
  };
}

function first(addresses: readonly InnerAddress[], family: 4 | 6): IpAddress | undefined {
  return addresses.find(({ address }) => familyOf(address) === family)?.address;
}

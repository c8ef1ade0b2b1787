import { bitsOf, familyOf, type IpAddress, type Prefix } from '../domain/address.ts';
import type { Endpoint } from '../domain/endpoint.ts';
import { type EspPath, type IpsecPolicy, POLICY_PRIORITY, reqidOf } from '../domain/ipsec.ts';
import { modeOf } from '../modes/index.ts';
import type { AssociationScope } from './ipsec-operation.ts';

/** What leaves this end, and what comes to it. */
export interface EspPaths {
  readonly out: EspPath;
  readonly in: EspPath;
}

export function pathsOf(endpoint: Endpoint): EspPaths {
  const { local, remote, tunnel } = endpoint;
  const shared = { reqid: reqidOf(tunnel), mode: isIpsecDevice(endpoint) ? 'tunnel' : 'transport' } as const;
  return { out: { source: local, destination: remote, ...shared }, in: { source: remote, destination: local, ...shared } };
}

/**
 * The policies an end needs, outbound ones first: without them clear text would leave, and be taken.
 *
 * Of a vti they are for whatever carries its mark, and what it routes on to others has to pass one more; of all other modes, for
 * its outer packets between these two addresses.
 */
export function wantedPolicies(endpoint: Endpoint): readonly IpsecPolicy[] {
  if (endpoint.ipsec !== true) return [];
  return isIpsecDevice(endpoint) ? markedPolicies(endpoint) : outerPolicies(endpoint);
}

function outerPolicies(endpoint: Endpoint): readonly IpsecPolicy[] {
  const { out, in: inbound } = pathsOf(endpoint);
  const protocols = modeOf(endpoint.mode).protocols(endpoint);
  const from = (direction: 'out' | 'in', path: EspPath) =>
    protocols.map((protocol) => ({
      direction,
      from: hostPrefix(path.source),
      to: hostPrefix(path.destination),
      ...protocol,
      priority: POLICY_PRIORITY,
      path,
    }));
  return [...from('out', out), ...from('in', inbound)];
}

function markedPolicies(endpoint: Endpoint): readonly IpsecPolicy[] {
  const { out, in: inbound } = pathsOf(endpoint);
  const families = modeOf(endpoint.mode).inner(endpoint);
  const everywhere = ([4, 6] as const).filter((family) => families.includes(family)).map((family) => (family === 4 ? '0.0.0.0/0' : '::/0'));
  const marked = (direction: IpsecPolicy['direction'], path: EspPath, mark = 0) =>
    everywhere.map((all) => ({ direction, from: all, to: all, mark, priority: POLICY_PRIORITY, path }));
  return [...marked('out', out, endpoint.okey), ...marked('in', inbound, endpoint.ikey), ...marked('fwd', inbound, endpoint.ikey)];
}

/** What its associations are for; several protocols cannot be said at once. */
export function scopeOf(endpoint: Endpoint): AssociationScope {
  const mode = modeOf(endpoint.mode);
  const [only, ...others] = mode.protocols(endpoint);
  return {
    ...(only !== undefined && others.length === 0 ? { protocol: only.protocol } : {}),
    ...(isIpsecDevice(endpoint) && mode.inner(endpoint).length > 1 ? { hasBothFamilies: true as const } : {}),
  };
}

/** vti and vti6 send nothing but what IPsec has wrapped whole. */
function isIpsecDevice(endpoint: Endpoint): boolean {
  return modeOf(endpoint.mode).protocols(endpoint).length === 0;
}

function hostPrefix(address: IpAddress): Prefix {
  return `${address}/${bitsOf(familyOf(address))}`;
}

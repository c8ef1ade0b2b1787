import type { IpAddress } from '../domain/address.ts';
import { familyOf } from '../domain/address.ts';
import { type Endpoint, mirror } from '../domain/endpoint.ts';
import { lookupKey, type ObservedHost } from '../domain/observed.ts';
import { linkOn } from '../domain/observed-index.ts';
import type { Tunnel } from '../domain/tunnel.ts';
import { modeOf } from '../modes/index.ts';
import { type HostAddresses, underlayQuestions } from '../plan/underlay.ts';

/** Where nothing tells the MTU. */
const USUAL_MTU_BYTES = 1400;

/**
 * What both ends should be, as far as it can be told on hosts that cannot be planned for: with no route to the peer, say.
 *
 * Undefined where nobody says an end's outer address.
 */
export function assumedEndpoints(
  tunnel: Tunnel,
  hosts: ReadonlyMap<string, ObservedHost>,
  addresses: HostAddresses,
): readonly [Endpoint, Endpoint] | undefined {
  const questions = underlayQuestions(tunnel, addresses);
  const links = tunnel.endpoints.map(({ host, device }) => linkOn(hosts.get(host)?.links ?? [], device));
  const [first, second] = tunnel.endpoints.map((end, index) => {
    const question = questions[index];
    const lookup = question === undefined ? undefined : hosts.get(end.host)?.lookups.get(lookupKey(question));
    const dialled = addresses.get(end.host)?.find((address) => modeOf(tunnel.mode).underlay.includes(familyOf(address)));
    return end.local ?? (lookup?.found === true ? lookup.source : undefined) ?? addressOf(links[index]?.attributes.local) ?? dialled;
  });
  if (first === undefined || second === undefined) return undefined;
  const mtuBytes = tunnel.mtuBytes ?? links.find((link) => link !== undefined)?.mtuBytes ?? USUAL_MTU_BYTES;
  return mirror(tunnel, { locals: [first, second], mtuBytes });
}

function addressOf(value: unknown): IpAddress | undefined {
  return typeof value === 'string' ? value : undefined;
}

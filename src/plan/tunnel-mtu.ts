import { familyOf } from '../domain/address.ts';
import { mirror, type Underlay } from '../domain/endpoint.ts';
import { lookupKey, type ObservedHost, type ObservedLink, type RouteQuestion } from '../domain/observed.ts';
import { linkOn } from '../domain/observed-index.ts';
import type { Problem } from '../domain/problem.ts';
import type { Tunnel, TunnelEnd } from '../domain/tunnel.ts';
import { modeOf } from '../modes/index.ts';
import { bytesInside } from '../modes/layers.ts';
import { LEAST_IPV6_MTU_BYTES } from '../modes/sizes.ts';
import { parseAlias } from './ownership.ts';

/** Bytes of an outer packet that may leave one end. */
export interface Room {
  /** What the link it leaves by carries. */
  readonly linkBytes: number;
  /** What arrives at the peer, as far as it is known; at most `linkBytes`. */
  readonly pathBytes: number;
}

interface WayOut {
  readonly question: RouteQuestion;
  /** The outer packets leave by it. */
  readonly link: ObservedLink;
  readonly observed: ObservedHost;
}

/**
 * What is known of the way to the peer: what was measured in this run; else the least of what the kernel has heard from routers
 * and what the tunnel's own link remembers of a measurement.
 */
export function roomOf(end: TunnelEnd, { question, link, observed }: WayOut): Room {
  const key = lookupKey(question);
  const linkBytes = link.mtuBytes;
  const lookup = observed.lookups.get(key);
  const heard = lookup?.found === true ? lookup.mtuBytes : undefined;
  const known = observed.pathMtus?.get(key) ?? Math.min(heard ?? linkBytes, remembered(end, question, observed) ?? linkBytes);
  return { linkBytes, pathBytes: Math.min(known, linkBytes) };
}

/** A link that led elsewhere knows nothing of this path. */
function remembered({ device }: TunnelEnd, { to }: RouteQuestion, { links }: ObservedHost): number | undefined {
  const link = linkOn(links, device);
  return link?.attributes.remote === to ? parseAlias(link.alias)?.pathMtuBytes : undefined;
}

/** The MTU both ends get: as declared, or what the narrower way leaves inside. */
export function sharedMtu(tunnel: Tunnel, locals: Underlay['locals'], rooms: readonly [Room, Room]): Omit<Underlay, 'locals'> {
  if (tunnel.mtuBytes !== undefined) return { mtuBytes: tunnel.mtuBytes };
  const pathBytes = Math.min(...rooms.map((room) => room.pathBytes));
  const isNarrow = pathBytes < Math.min(...rooms.map((room) => room.linkBytes));
  const inside = mirror(tunnel, { locals, mtuBytes: 0 }).map((endpoint) => bytesInside(modeOf(tunnel.mode), endpoint, pathBytes));
  return { mtuBytes: Math.min(...inside), ...(isNarrow ? { pathMtuBytes: pathBytes } : {}) };
}

/** A path so narrow that what is carried inside could not be. */
export function tooNarrow(tunnel: Tunnel, { mtuBytes, pathBytes }: { readonly mtuBytes: number; readonly pathBytes: number }): readonly Problem[] {
  const least = Math.max(modeOf(tunnel.mode).leastMtu(tunnel), tunnel.endpoints.some(carriesIpv6) ? LEAST_IPV6_MTU_BYTES : 0);
  if (tunnel.mtuBytes !== undefined || mtuBytes >= least) return [];
  return [
    {
      code: 'plan.path-too-narrow',
      host: tunnel.endpoints[0].host,
      message: `packets of ${pathBytes} bytes cross to ${tunnel.endpoints[1].host}, which leaves ${mtuBytes} inside the tunnel, and ${least} are needed${least === LEAST_IPV6_MTU_BYTES ? ' for IPv6' : ''}`,
      hint: `Raise the MTU of the path; or carry no IPv6; or have outer packets fragmented, with «mtu: ${least}» and, of mode gre or gretap, «pmtudisc: false» and «ignore_df: true».`,
    },
  ];
}

/** Below 1280 bytes a link has no IPv6, and Linux takes its addresses away without a word (RFC 8200 section 5). */
function carriesIpv6({ addresses, networks, routes }: TunnelEnd): boolean {
  return [...addresses.map(({ address }) => address), ...networks, ...routes.map(({ to }) => to)].some((text) => familyOf(text) === 6);
}

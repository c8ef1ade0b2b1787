import { contains, type Family, familyOf, type IpAddress } from '../domain/address.ts';
import { type Endpoint, mirror } from '../domain/endpoint.ts';
import { lookupKey, type ObservedHost, type RouteQuestion } from '../domain/observed.ts';
import { linkOn, linksWith } from '../domain/observed-index.ts';
import type { Problem } from '../domain/problem.ts';
import type { Tunnel, TunnelEnd } from '../domain/tunnel.ts';
import { modeOf } from '../modes/index.ts';
import { type Room, roomOf, sharedMtu, tooNarrow } from './tunnel-mtu.ts';

/** Addresses at which hosts are reached, of either family, for ends that do not say their `local`. */
export type HostAddresses = ReadonlyMap<string, readonly IpAddress[]>;

/** What each end's host must be asked before the tunnel can be mirrored: where does a packet to the peer go? */
export function underlayQuestions(tunnel: Tunnel, addresses: HostAddresses): readonly [RouteQuestion | undefined, RouteQuestion | undefined] {
  const [first, second] = tunnel.endpoints;
  const families = outerFamilies(tunnel);
  const outer = ({ host, public: outside, local }: TunnelEnd) =>
    outside ?? local ?? addresses.get(host)?.find((address) => families.includes(familyOf(address)));
  return [questionOf(first, outer(second)), questionOf(second, outer(first))];
}

/** Both ends have the same family: where one says its address, that is it. */
export function outerFamilies({ mode, endpoints }: Tunnel): readonly Family[] {
  const said = endpoints.map(({ local, public: outside }) => local ?? outside).find((address) => address !== undefined);
  return said === undefined ? modeOf(mode).underlay : [familyOf(said)];
}

function questionOf(end: TunnelEnd, to: IpAddress | undefined): RouteQuestion | undefined {
  return to === undefined ? undefined : { to, ...(end.local === undefined ? {} : { from: end.local }) };
}

export type Resolution = { readonly endpoints: readonly [Endpoint, Endpoint] } | { readonly problems: readonly Problem[] };

/** Both endpoints with outer addresses and MTU, from the declaration and what both hosts answered. */
export function resolveEndpoints(tunnel: Tunnel, observed: ReadonlyMap<string, ObservedHost>, addresses: HostAddresses): Resolution {
  const questions = underlayQuestions(tunnel, addresses);
  const ends = tunnel.endpoints.map((end, index) => resolveEnd(end, questions[index], observed.get(end.host)));
  const problems = ends.flatMap((end) => ('problem' in end ? [end.problem] : []));
  const [first, second] = ends;
  if (first === undefined || second === undefined || 'problem' in first || 'problem' in second) return { problems };
  const locals = [first.local, second.local] as const;
  const mtus = sharedMtu(tunnel, locals, [first.room, second.room]);
  const narrow = tooNarrow(tunnel, { ...mtus, pathBytes: Math.min(first.room.pathBytes, second.room.pathBytes) });
  return narrow.length > 0 ? { problems: narrow } : { endpoints: mirror(tunnel, { locals, ...mtus }) };
}

type ResolvedEnd = { readonly local: IpAddress; readonly room: Room } | { readonly problem: Problem };

function resolveEnd(end: TunnelEnd, question: RouteQuestion | undefined, observed: ObservedHost | undefined): ResolvedEnd {
  if (question === undefined || observed === undefined) return { problem: noPeerAddress(end) };
  if (end.local !== undefined && linksWith(observed.links, end.local).length === 0) return { problem: localMissing(end, observed) };
  const lookup = observed.lookups.get(lookupKey(question));
  if (lookup === undefined || !lookup.found || lookup.source === undefined) return { problem: noRoute(end, question) };
  if (lookup.device === end.device) return { problem: throughItself(end, question) };
  const link = linkOn(observed.links, end.dev ?? lookup.device);
  if (link === undefined) return { problem: noSuchLink(end) };
  return { local: lookup.source, room: roomOf(end, { question, link, observed }) };
}

function noPeerAddress({ host }: TunnelEnd): Problem {
  return {
    code: 'plan.no-peer-address',
    host,
    message:
      'the peer’s outer address is not known: it has no `local`, and neither its ansible_host nor HostName in ~/.ssh/config leads to an address of the mode’s family',
    hint: 'Give the peer’s endpoint a `local`.',
  };
}

function localMissing({ host, local }: TunnelEnd, { links }: ObservedHost): Problem {
  const found = links
    .flatMap(({ addresses }) => addresses)
    .filter(({ isKernelMade, address }) => !isKernelMade && familyOf(address) === familyOf(local ?? address) && !isLoopback(address))
    .map(({ address }) => address);
  return {
    code: 'plan.local-not-on-host',
    host,
    message: `no link of this host has the address ${local}`,
    hint: `Write one of its addresses as \`local\`: ${found.join(', ')}. Behind 1:1 NAT, \`local\` is the private address and \`public\` the other.`,
  };
}

function isLoopback(address: IpAddress): boolean {
  return contains('127.0.0.0/8', address) || address === '::1';
}

function noRoute({ host }: TunnelEnd, { to, from }: RouteQuestion): Problem {
  return {
    code: 'plan.no-route-to-peer',
    host,
    message: `there is no route to the peer’s outer address ${to}${from === undefined ? '' : ` from ${from}`}`,
    hint: `Try \`ip route get ${to}\` on ${host}; add the route that is missing, or correct the peer’s \`local\`. Of a peer behind NAT, write \`public\` as well.`,
  };
}

function throughItself({ host, device }: TunnelEnd, { to }: RouteQuestion): Problem {
  return {
    code: 'plan.underlay-through-tunnel',
    host,
    message: `the route to the peer’s outer address ${to} leads into ${device} itself`,
    hint: `Remove the route that covers ${to} from ${device}; the outer packets must leave by a real link.`,
  };
}

function noSuchLink({ host, dev }: TunnelEnd): Problem {
  return { code: 'plan.no-such-link', host, message: `there is no link ${dev ?? ''} to bind to`, hint: 'Correct `dev`, or leave it out.' };
}

import { contains, familyOf, type IpAddress, networkOf, type Prefix } from '../domain/address.ts';
import { type Endpoint, MAIN_TABLE } from '../domain/endpoint.ts';
import { lengthOf } from '../domain/indexed.ts';
import type { ObservedHost, ObservedRoute } from '../domain/observed.ts';
import { routesToward } from '../domain/observed-index.ts';
import type { Problem } from '../domain/problem.ts';
import { wantedRoutes } from './plan-routes.ts';

/** A way into the tunnel that is new: a route of ours, or the one the kernel makes for an address. */
interface Way {
  readonly to: Prefix;
  readonly metric: number;
  readonly table: number;
}

/** Packets that must go on leaving by a real link. */
interface Lifeline {
  readonly code: string;
  readonly target: IpAddress;
  /** The host's own end of it, for rules that go by the source. */
  readonly source: IpAddress;
  readonly words: string;
}

interface Situation {
  readonly endpoint: Endpoint;
  readonly observed: ObservedHost;
}

/** Routes, and the networks of addresses, that would carry the SSH connection or the tunnel's own outer packets. */
export function captureConflicts(endpoint: Endpoint, observed: ObservedHost): readonly Problem[] {
  const ways: readonly Way[] = [
    ...wantedRoutes(endpoint),
    ...endpoint.addresses.map(({ address, length, peer }) => ({ to: networkOf(peer ?? address, length), metric: 0, table: MAIN_TABLE })),
  ];
  return lifelines(endpoint, observed).flatMap((both) => {
    const problems = both.flatMap((lifeline) => {
      const way = ways.find((one) => isCaptured(lifeline, one, { endpoint, observed }));
      return way === undefined ? [] : [captured(endpoint, lifeline, way)];
    });
    return problems.slice(0, 1);
  });
}

/** The client is the one the host itself sees, behind whatever NAT; the inventory may know it by another address, or not at all. */
function lifelines(endpoint: Endpoint, observed: ObservedHost): readonly (readonly Lifeline[])[] {
  const { local, remote } = endpoint;
  const { ssh } = observed;
  const code = 'plan.route-captures-underlay';
  return [
    ...(ssh === undefined
      ? []
      : [
          withGateway(observed, {
            code: 'plan.route-captures-ssh',
            target: ssh.clientAddress,
            source: ssh.serverAddress,
            words: `the SSH connection from ${ssh.clientAddress}`,
          }),
        ]),
    withGateway(observed, { code, target: remote, source: local, words: `the tunnel’s own outer packets to ${remote}` }),
  ];
}

/**
 * A route to the gateway alone takes nothing along at once, but a host with a strict reverse path filter stops answering the
 * gateway's ARP requests (net/ipv4/arp.c, arp_process()), and is cut off minutes later, when nobody watches any more.
 */
function withGateway({ routes }: ObservedHost, lifeline: Lifeline): readonly Lifeline[] {
  const { target, words } = lifeline;
  const [best] = routesToward(routes, target, MAIN_TABLE)
    .filter(({ type }) => type === 'unicast')
    .toSorted((one, other) => lengthOf(other.to) - lengthOf(one.to) || one.metric - other.metric);
  const gateway = best?.gateway;
  return gateway === undefined ? [lifeline] : [lifeline, { ...lifeline, target: gateway, words: `${gateway}, the gateway for ${words}` }];
}

function captured({ host }: Endpoint, { code, words }: Lifeline, { to, table }: Way): Problem {
  const where = table === MAIN_TABLE ? '' : ` in table ${table}, which a rule of the host asks before the main one,`;
  return {
    code,
    host,
    message: `${to}${where} would carry ${words}`,
    hint: 'Narrow the network, or give the address a more specific route by a real link first.',
  };
}

/** The longest prefix wins, then the lower metric: the new route takes the target unless one by another link is preferred. */
function isCaptured({ target, source }: Lifeline, { to, metric, table }: Way, { endpoint, observed }: Situation): boolean {
  if (familyOf(to) !== familyOf(target) || !contains(to, target)) return false;
  if (table !== MAIN_TABLE && !isAskedFirst(table, { target, source, observed })) return false;
  if (!observed.hasAllRoutes) return true;
  const isPreferred = (route: ObservedRoute) => lengthOf(route.to) > lengthOf(to) || (lengthOf(route.to) === lengthOf(to) && route.metric <= metric);
  const consulted = [table, LOCAL_TABLE].flatMap((one) => routesToward(observed.routes, target, one));
  return !consulted.some((route) => route.device !== endpoint.device && route.type !== 'multicast' && isPreferred(route));
}

const LOCAL_TABLE = 255;

/** Whether a rule leads packets like these into a table before the main one is asked. */
function isAskedFirst(
  table: number,
  { target, source, observed }: { readonly target: IpAddress; readonly source: IpAddress; readonly observed: ObservedHost },
): boolean {
  const applying = observed.rules
    .filter(({ family, from, to }) => family === familyOf(target) && isIn(from, source) && isIn(to, target))
    .toSorted((one, other) => one.priority - other.priority);
  return applying.find((rule) => rule.table === table || rule.table === MAIN_TABLE)?.table === table;
}

function isIn(prefix: Prefix | undefined, address: IpAddress): boolean {
  return prefix === undefined || (familyOf(prefix) === familyOf(address) && contains(prefix, address));
}

import { contains, familyOf, networkOf, type Prefix } from '../../domain/address.ts';
import { MAIN_TABLE } from '../../domain/endpoint.ts';
import { routeSlot } from '../../domain/route.ts';
import type { DeclaredRoute } from '../../domain/tunnel.ts';
import { lineOf, type Problem, problemAt } from '../problem.ts';
import type { Located } from '../source.ts';
import type { EndDraft } from '../tunnels/draft.ts';
import type { EndView } from './end-view.ts';
import type { Check } from './landscape.ts';

/** A route a host will get into a tunnel, with the place that asks for it. */
interface RouteView {
  readonly to: Prefix;
  readonly table: number;
  readonly metric?: number;
  readonly at: Located;
  readonly view: EndView;
}

/** A network cannot be behind both ends. */
export const checkSameNetwork: Check = ({ tunnels }, report) => {
  for (const { ends, name } of tunnels) {
    const [first, second] = ends;
    const behindFirst = new Map(first.networks.map(({ value, at }) => [value, at]));
    for (const { value, at } of second.networks) {
      const other = behindFirst.get(value);
      if (other === undefined) continue;
      const message = `${value} is behind both ends of tunnel ${name} (${lineOf(other)})`;
      const hint = 'Networks are what lies behind a host; the peer gets the route. Remove it at one end, or renumber one site.';
      report(problemAt(at, { code: 'inventory.same-network', message, hint }));
    }
  }
};

/**
 * The kernel keeps one route for a destination, table and metric.
 *
 * Tunnels between the same two hosts share it: each is one of its nexthops.
 */
export const checkDuplicateRoutes: Check = ({ endsByHost }, report) => {
  for (const [host, views] of endsByHost) {
    const seen = new Map<string, RouteView>();
    for (const route of views.flatMap(routesOn)) {
      const slot = routeSlot(route);
      const first = seen.get(slot);
      const obstacle = first === undefined ? undefined : whyNotShared(route, first);
      if (first === undefined) seen.set(slot, route);
      else if (obstacle !== undefined) {
        const message = `${host} has the route to ${route.to} already, into tunnel ${first.view.tunnel.name} (${lineOf(first.at)})${obstacle}`;
        const hint = 'Remove one, or give them different metrics: the lower one is used first.';
        report(problemAt(route.at, { code: 'inventory.duplicate-route', message, hint }));
      }
    }
  }
};

/** Why two routes into tunnels cannot be used at once, in words that follow what is wrong; undefined where they can. */
function whyNotShared({ to, view }: RouteView, { view: first }: RouteView): string | undefined {
  const views = [view, first];
  if (view.tunnel === first.tunnel || view.peer.host.value !== first.peer.host.value) return '';
  if (views.some(({ tunnel }) => tunnel.persist !== undefined)) return ', and a route over several tunnels cannot be kept by `persist`';
  const isReached = ({ end, peer }: EndView) => familyOf(to) === 4 || reachesPeer(end, peer);
  return views.every(isReached) ? undefined : ', and an IPv6 route over several tunnels needs inner IPv6 addresses of both ends, in one subnet';
}

/** Whether the address of the peer that the route's nexthop leads to is on the link. */
function reachesPeer(end: EndDraft, peer: EndDraft): boolean {
  const isIpv6 = ({ value }: EndDraft['addresses'][0]) => familyOf(value.address) === 6;
  const gateway = peer.addresses.find(isIpv6)?.value.address;
  return (
    gateway !== undefined && end.addresses.filter(isIpv6).some(({ value }) => contains(networkOf(value.peer ?? value.address, value.length), gateway))
  );
}

/**
 * A route into a tunnel that holds the tunnel's own remote address, or the address the host is managed by.
 *
 * A more specific route of the host may keep the packets out; only the host knows, so it is refused here.
 * Routes in tables of their own are left to the rules that lead there.
 */
export const checkRoutesAgainstUnderlay: Check = ({ endsByHost, sshByHost }, report) => {
  for (const view of [...endsByHost.values()].flat()) {
    const ssh = sshByHost.get(view.end.host.value);
    for (const route of routesOn(view).filter(({ table }) => table === MAIN_TABLE)) {
      if (holds(route.to, view.remote)) report(problemAt(route.at, carriesUnderlay(view, route.to)));
      else if (holds(route.to, ssh)) report(problemAt(route.at, carriesSsh(view, route.to, ssh)));
    }
  }
};

function holds(prefix: Prefix, address: string | undefined): address is string {
  return address !== undefined && familyOf(prefix) === familyOf(address) && contains(prefix, address);
}

const ROUTE_HINT =
  'The inventory cannot tell whether a more specific route of the host keeps them out. Write smaller networks, or put the route into a table of its own with «table».';

function carriesUnderlay({ tunnel, end, remote }: EndView, to: Prefix): Problem {
  const message = `the route to ${to} on ${end.host.value} holds ${remote}, the remote address of tunnel ${tunnel.name}: its packets would go into itself`;
  return { code: 'inventory.route-carries-underlay', message, hint: ROUTE_HINT };
}

function carriesSsh({ tunnel, end }: EndView, to: Prefix, address: string): Problem {
  const host = end.host.value;
  const message = `the route to ${to} on ${host} holds ${address}, by which tunorch connects to it: the replies could go into tunnel ${tunnel.name}`;
  return { code: 'inventory.route-carries-ssh', message, hint: ROUTE_HINT };
}

/** Networks of the peer and the end's own routes, as `mirror` will make them. */
function routesOn(view: EndView): readonly RouteView[] {
  const { end, peer } = view;
  const declared = [
    ...peer.networks.map(({ value, at }): { readonly value: DeclaredRoute; readonly at: Located } => ({ value: { to: value }, at })),
    ...end.routes,
  ];
  return declared.map(({ value: { to, metric = end.metric, table = end.table ?? MAIN_TABLE }, at }) => ({
    to,
    table,
    ...(metric === undefined ? {} : { metric }),
    at,
    view,
  }));
}

import { contains, familyOf, type Prefix } from '../../domain/address.ts';
import { MAIN_TABLE } from '../../domain/endpoint.ts';
import { lineOf, type Problem, problemAt } from '../problem.ts';
import type { Located } from '../source.ts';
import type { EndView } from './end-view.ts';
import type { Check } from './landscape.ts';

/** A route a host will get into a tunnel, with the place that asks for it. */
interface RouteView {
  readonly to: Prefix;
  readonly table: number;
  readonly metric: number | undefined;
  readonly at: Located;
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

/** The kernel keeps one route for a destination, table and metric. */
export const checkDuplicateRoutes: Check = ({ endsByHost }, report) => {
  for (const [host, views] of endsByHost) {
    const seen = new Map<string, { readonly tunnel: string; readonly at: Located }>();
    for (const view of views) {
      for (const { to, table, metric, at } of routesOn(view)) {
        const id = `${to} ${table} ${metric ?? 'default'}`;
        const first = seen.get(id);
        if (first === undefined) seen.set(id, { tunnel: view.tunnel.name, at });
        else {
          const message = `${host} has the route to ${to} already, into tunnel ${first.tunnel} (${lineOf(first.at)})`;
          report(
            problemAt(at, {
              code: 'inventory.duplicate-route',
              message,
              hint: 'Remove one, or give them different metrics: the lower one is used first.',
            }),
          );
        }
      }
    }
  }
};

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
function routesOn({ end, peer }: EndView): readonly RouteView[] {
  const { metric, table = MAIN_TABLE } = end;
  const networks = peer.networks.map(({ value, at }) => ({ to: value, table, metric, at }));
  const routes = end.routes.map(({ value, at }) => ({ to: value.to, table: value.table ?? table, metric: value.metric ?? metric, at }));
  return [...networks, ...routes];
}

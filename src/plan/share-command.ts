import { familyOf } from '../domain/address.ts';
import { quoteAll } from '../shell/quote.ts';
import type { Operation } from './operation.ts';

type Share = Operation & { readonly kind: 'add-route' | 'delete-route' };

/** Whether a function of the journal does it: the kernel keeps an IPv4 route with all its nexthops as one, written anew for each of them. */
export function isShare(operation: Operation): operation is Share {
  const isRoute = operation.kind === 'add-route' || operation.kind === 'delete-route';
  return isRoute && operation.route.nexthops !== undefined && familyOf(operation.route.to) === 4;
}

/** Which others are nexthops, the host looks up at that moment, since tunnels commit one by one. */
export function shareLine({ kind, route }: Share): string {
  const { to, table, metric, protocol, device, nexthops = [] } = route;
  const weights = nexthops.flatMap((nexthop) => [nexthop.device, String(nexthop.weight)]);
  return quoteAll(['tunorch_share', kind === 'add-route' ? 'join' : 'leave', to, String(table), String(metric), protocol, device, ...weights]);
}

/** As if all others were there. */
export function typedShare({ kind, route }: Share): string {
  const { to, table, metric, protocol, device, nexthops = [] } = route;
  const left = nexthops.filter((nexthop) => kind === 'add-route' || nexthop.device !== device);
  const place = ['table', String(table), 'metric', String(metric), 'proto', protocol];
  const ways = left.flatMap((nexthop) => ['nexthop', 'dev', nexthop.device, 'weight', String(nexthop.weight)]);
  return quoteAll(['ip', 'route', left.length === 0 ? 'delete' : 'replace', to, ...place, ...ways]);
}

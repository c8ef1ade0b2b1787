import { contains, type IpAddress } from '../domain/address.ts';
import { MAIN_TABLE } from '../domain/endpoint.ts';
import type { ObservedRoute } from '../domain/observed.ts';
import { quoteAll } from '../shell/quote.ts';
import type { EndEvidence } from './evidence.ts';

/** Routes of a host that cover an address, the most specific first. */
export function coveringRoutes({ observed }: EndEvidence, address: IpAddress): readonly ObservedRoute[] {
  const length = ({ to }: ObservedRoute) => Number(to.split('/')[1]);
  return observed.routes
    .filter(({ to, type }) => type !== 'local' && type !== 'broadcast' && contains(to, address))
    .toSorted((one, other) => length(other) - length(one) || one.metric - other.metric);
}

/** The command that takes exactly this route away. */
export function routeRemoval({ type, to, device, table, metric, gateway }: ObservedRoute): string {
  return quoteAll([
    'ip',
    'route',
    'delete',
    ...(type === 'unicast' ? [] : [type]),
    to,
    ...(gateway === undefined ? [] : ['via', gateway]),
    ...(device === '' || type !== 'unicast' ? [] : ['dev', device]),
    ...(table === MAIN_TABLE ? [] : ['table', String(table)]),
    ...(metric === 0 ? [] : ['metric', String(metric)]),
  ]);
}

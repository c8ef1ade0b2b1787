import { familyOf, type Prefix } from './address.ts';

/** Marks the routes tunorch makes (ip-route(8), `proto`); /etc/iproute2/rt_protos leaves it free. */
export const ROUTE_PROTOCOL = '205';

/** What the kernel takes where no metric is said. */
export const DEFAULT_METRIC = { 4: 0, 6: 1024 } as const;

/** One of the ways of a multipath route. */
export interface Nexthop {
  readonly device: string;
  /** Its share of the packets, beside the weights of the others: 1..256 (ip-route(8)). */
  readonly weight: number;
}

/** A route that several tunnels of a host carry at once. */
export interface SharedRoute {
  /** See {@link routeSlot}. */
  readonly slot: string;
  /** In the order of the inventory. */
  readonly nexthops: readonly Nexthop[];
}

/** What makes two routes exclude each other in the kernel, unless they are the nexthops of one: prefix, table and metric. */
export function routeSlot({
  to,
  table,
  metric = DEFAULT_METRIC[familyOf(to)],
}: {
  readonly to: Prefix;
  readonly table: number;
  readonly metric?: number;
}): string {
  return `${to} table ${table} metric ${metric}`;
}

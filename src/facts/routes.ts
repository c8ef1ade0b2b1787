import { bitsOf, familyOf, parseAddress, parseInterfaceAddress } from '../domain/address.ts';
import { MAIN_TABLE } from '../domain/endpoint.ts';
import type { ObservedRoute } from '../domain/observed.ts';
import { DEFAULT_METRIC, ROUTE_PROTOCOL } from '../domain/route.ts';

type Json = Readonly<Record<string, unknown>>;

const TABLES: Readonly<Record<string, number>> = { default: 253, main: MAIN_TABLE, local: 255 };

/** Keys that are understood or say nothing about what the route is; any other makes it impossible to restore. */
const UNDERSTOOD = new Set(['type', 'dst', 'gateway', 'dev', 'protocol', 'scope', 'prefsrc', 'metric', 'table', 'flags', 'pref', 'cache', 'uid']);

/** What is read of a nexthop, and with what it can be written back. */
const UNDERSTOOD_OF_NEXTHOP = new Set(['dev', 'gateway', 'weight', 'flags']);

/**
 * Reads one entry of `ip -d -j route show table all`; of a multipath route, one route for each nexthop.
 *
 * An IPv4 one whose device is down counts as gone, as any other route would be: the kernel only keeps the place for it.
 */
export function parseRoutes(entry: Json): readonly ObservedRoute[] {
  const { nexthops, ...shared } = entry;
  if (!Array.isArray(nexthops)) return [parseRoute(entry)];
  const isGone = ({ flags }: Json) => Array.isArray(flags) && flags.includes('dead') && familyOf(destinationOf(entry)) === 4;
  const ways = (nexthops as readonly Json[]).filter((nexthop) => !isGone(nexthop));
  const all = ways.map(({ dev, weight }) => ({ device: String(dev), weight: Number.isSafeInteger(weight) ? (weight as number) : 1 }));
  const isOurs = String(entry.protocol) === ROUTE_PROTOCOL;
  return ways.map(({ dev, gateway, ...rest }) => {
    const route = parseRoute({ ...shared, dev, ...(gateway === undefined ? {} : { gateway }) });
    const isUnderstood = Object.keys(rest).every((key) => UNDERSTOOD_OF_NEXTHOP.has(key));
    return { ...route, nexthops: all, isRestorable: isOurs && isUnderstood && route.isRestorable };
  });
}

function parseRoute(entry: Json): ObservedRoute {
  const gateway = parseAddress(String(entry.gateway ?? ''));
  const source = parseAddress(String(entry.prefsrc ?? ''));
  const to = destinationOf(entry);
  return {
    to,
    type: String(entry.type ?? 'unicast'),
    device: String(entry.dev ?? ''),
    ...(gateway === undefined ? {} : { gateway }),
    ...(source === undefined ? {} : { source }),
    table: tableOf(entry.table),
    metric: typeof entry.metric === 'number' ? entry.metric : entry.type === 'local' ? 0 : DEFAULT_METRIC[familyOf(to)],
    protocol: word(entry.protocol ?? 'boot'),
    ...(typeof entry.scope === 'string' ? { scope: word(entry.scope) } : {}),
    isRestorable: Object.keys(entry).every((key) => UNDERSTOOD.has(key)),
  };
}

/** iproute2 prints `default`, a bare address for a host route, or a network. */
function destinationOf(entry: Json): string {
  const text = String(entry.dst);
  const isIpv6 = [entry.gateway, entry.prefsrc, text].some((value) => String(value ?? '').includes(':')) || entry.pref !== undefined;
  if (text === 'default') return isIpv6 ? '::/0' : '0.0.0.0/0';
  const prefix = text.includes('/') ? text : `${text}/${bitsOf(familyOf(text))}`;
  if (parseInterfaceAddress(prefix) === undefined) throw new Error(`a route to «${text}»`);
  return prefix;
}

function tableOf(table: unknown): number {
  const text = String(table ?? 'main');
  const number = TABLES[text] ?? Number(text);
  if (!Number.isSafeInteger(number)) throw new Error(`a route in the table «${text}», which no rt_tables file numbers`);
  return number;
}

/** These words go back into commands when a route is taken away, so they must be words. */
function word(value: unknown): string {
  const text = String(value);
  if (!/^[\w-]+$/.test(text)) throw new Error(`a route with the word «${text}»`);
  return text;
}

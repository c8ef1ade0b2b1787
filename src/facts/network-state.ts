import type { Prefix } from '../domain/address.ts';
import type { ObservedLink, ObservedRoute } from '../domain/observed.ts';
import { batchLine } from '../shell/quote.ts';
import { type Fact, readEntries } from './fact.ts';
import { linksOfText, routesOfText } from './iproute-text.ts';
import { burdensOf, isNeighbour } from './link-settings.ts';
import { parseLink } from './links.ts';
import { parseRoutes } from './routes.ts';

/** What of the routes concerns the tunnels, for hosts whose tables are too large to print. */
export interface RouteScope {
  readonly devices: readonly string[];
  readonly prefixes: readonly Prefix[];
  /** Within these, every route. */
  readonly pools?: readonly Prefix[];
}

export interface NetworkState {
  readonly links: readonly ObservedLink[];
  readonly routes: readonly ObservedRoute[];
  readonly hasAllRoutes: boolean;
}

/** A full BGP table is some 135 MB of JSON; from this many entries on only what concerns the tunnels is printed. */
const MOST_ROUTES = 20_000;

/** More than a session takes from a host, which tells of it then: a shell that keeps what never ends would eat up the host's memory. */
const MOST_BYTES = 17 * 1024 * 1024;

/** Printed where `ip` is busybox's. */
const OF_BUSYBOX = 'ip-of-busybox';

export function isOfBusybox(output: string): boolean {
  return output.split('\n').includes(OF_BUSYBOX);
}

/**
 * Links with their attributes, addresses, and routes, in one `ip` process.
 *
 * In JSON, or in text where iproute2 is older than 4.14 and has no `-j`; busybox has a program of the same name, which is told.
 *
 * The function and the first answer stay in the shell, so that the prepare script can see whether the host has changed
 * since; what changes by itself (lifetimes, the timers of a bridge) reads 0.
 *
 * Sizes of the tables come from /proc/net/fib_triestat and /proc/net/rt6_stats (net/ipv4/fib_trie.c, net/ipv6/route.c).
 */
export const networkState: Fact<NetworkState, RouteScope> = {
  name: 'network',
  snippet: ({
    devices,
    prefixes,
    pools = [],
  }) => `tunorch_json=-j; ip -j link show dev lo >/dev/null 2>&1 || { tunorch_json=; case $(ip -V 2>&1) in BusyBox*) echo ${OF_BUSYBOX} ;; esac; }
tunorch_network() {
routes=0
while read -r a b _; do [ "$a" = Prefixes: ] && routes=$((routes + b)); done </proc/net/fib_triestat 2>/dev/null
read -r _ _ _ e _ </proc/net/rt6_stats 2>/dev/null && routes=$((routes + 0x$e))
if [ "$routes" -lt ${MOST_ROUTES} ]; then echo all-routes; ip -d $tunorch_json -force -batch - <<'TUNORCH'
address show
route show table all
neighbour show nud permanent
TUNORCH
else ip -d $tunorch_json -force -batch - <<'TUNORCH'
address show
${[
  ...devices.map((device) => ['route', 'show', 'table', 'all', 'dev', device]),
  ...prefixes.map((prefix) => ['route', 'show', 'table', 'all', 'exact', prefix]),
  ...pools.map((pool) => ['route', 'show', 'table', 'main', 'root', pool]),
]
  .map(batchLine)
  .join('\n')}
neighbour show nud permanent
TUNORCH
fi | head -c ${MOST_BYTES} | sed 's/\\("[a-z_]*\\(life_time\\|expires\\|_timer\\)":\\)[0-9.]*/\\10/g; s/\\(_lft\\|expires\\|_timer\\)  *[0-9][0-9.]*\\(sec\\)*/\\1 0/g'
}
tunorch_network_before=$(tunorch_network)
printf '%s\\n' "$tunorch_network_before"`,
  parse(section) {
    const entries = readEntries(section, (text) => [...linksOfText(text), ...routesOfText(text)]);
    const routes = entries.filter((entry) => 'dst' in entry && !isNeighbour(entry)).flatMap(parseRoutes);
    return {
      links: entries.filter((entry) => 'ifname' in entry).map((entry) => linkOf(entry, entries)),
      routes: [...new Map(routes.map((route) => [JSON.stringify(route), route])).values()],
      hasAllRoutes: /^all-routes$/m.test(section),
    };
  },
};

function linkOf(entry: Readonly<Record<string, unknown>>, entries: readonly Readonly<Record<string, unknown>>[]): ObservedLink {
  const link = parseLink(entry);
  const burdens = link.mode === undefined ? [] : burdensOf(entry, entries);
  return burdens.length === 0 ? link : { ...link, burdens };
}

export type Topology = 'full' | 'hub-and-spoke' | 'chain' | 'ring';

/** Two hosts that a tunnel joins. */
export type Pair = readonly [string, string];

interface Members {
  /** In the order of the inventory. */
  readonly hosts: readonly string[];
  /** Only of hub-and-spoke. */
  readonly hubs: readonly string[];
}

/** The tunnels of a mesh, each pair of hosts once. */
export function pairsOf(topology: Topology, { hosts, hubs }: Members): readonly Pair[] {
  switch (topology) {
    case 'full':
      return everyTwo(hosts);
    case 'hub-and-spoke':
      return [...everyTwo(hubs), ...hubs.flatMap((hub) => hosts.filter((host) => !hubs.includes(host)).map((host): Pair => [hub, host]))];
    case 'chain':
      return neighbours(hosts);
    case 'ring':
      return hosts.length < 3 ? neighbours(hosts) : neighbours([...hosts, hosts[0] ?? '']);
  }
}

/** The same for both orders. */
export function pairKey([one, other]: Pair): string {
  return one < other ? `${one}\n${other}` : `${other}\n${one}`;
}

function everyTwo(hosts: readonly string[]): readonly Pair[] {
  return hosts.flatMap((host, index) => hosts.slice(index + 1).map((other): Pair => [host, other]));
}

function neighbours(hosts: readonly string[]): readonly Pair[] {
  return hosts.slice(1).map((host, index): Pair => [hosts[index] ?? '', host]);
}

import { grouped } from '../domain/indexed.ts';
import type { Tunnel } from '../domain/tunnel.ts';

/** Tunnels that share hosts, directly or over others: what one group does concerns no other. */
export interface Group {
  readonly hosts: readonly string[];
  readonly tunnels: readonly Tunnel[];
}

/** Splits tunnels into groups without a host in common, in the order of their first tunnels. */
export function independentGroups(tunnels: readonly Tunnel[]): readonly Group[] {
  const leaders = new Map<string, string>();
  const leaderOf = (host: string): string => {
    let leader = host;
    for (let next = leaders.get(leader); next !== undefined; next = leaders.get(leader)) leader = next;
    // Who was asked for knows the way at once next time: a chain of thousands is walked once.
    if (leader !== host) leaders.set(host, leader);
    return leader;
  };
  for (const { endpoints } of tunnels) {
    const [first, second] = endpoints.map(({ host }) => leaderOf(host));
    if (first !== undefined && second !== undefined && first !== second) leaders.set(second, first);
  }
  const groups = new Map<string, Tunnel[]>();
  for (const tunnel of tunnels) {
    const leader = leaderOf(tunnel.endpoints[0].host);
    const members = groups.get(leader) ?? [];
    members.push(tunnel);
    groups.set(leader, members);
  }
  return [...groups.values()].map((members) => ({ hosts: hostsOf(members), tunnels: members }));
}

/** What concerns each host, found in one pass: a hub with thousands of tunnels is not looked for in each of them once more. */
export function byHost<One>(all: Iterable<One>, hostsOfOne: (one: One) => readonly string[]): ReadonlyMap<string, readonly One[]> {
  return grouped(all, hostsOfOne);
}

/** The hosts of one tunnel. */
export function endsOf({ endpoints }: Pick<Tunnel, 'endpoints'>): readonly string[] {
  return endpoints.map(({ host }) => host);
}

/** Hosts that are an end of any of the tunnels, each once. */
export function hostsOf(tunnels: readonly Tunnel[]): readonly string[] {
  return [...new Set(tunnels.flatMap(endsOf))];
}

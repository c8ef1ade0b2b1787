import { routesOn } from './endpoint.ts';
import { type Nexthop, routeSlot, type SharedRoute } from './route.ts';
import type { Tunnel, TunnelEnd } from './tunnel.ts';

/**
 * Finds the routes that several tunnels between the same two hosts declare alike, and tells each of their ends who else
 * carries them: the kernel keeps one route for them all, with a nexthop for each.
 */
export function shareRoutes(tunnels: readonly Tunnel[]): readonly Tunnel[] {
  const nexthops = new Map<string, Nexthop[]>();
  for (const tunnel of tunnels.filter(({ state }) => state === 'present')) {
    for (const [end, peer] of bothWays(tunnel)) {
      for (const { slot, weight } of waysOf(end, peer)) {
        const key = keyOf(end, peer, slot);
        nexthops.set(key, [...(nexthops.get(key) ?? []), { device: end.device, weight }]);
      }
    }
  }
  const sharesOf = (end: TunnelEnd, peer: TunnelEnd): readonly SharedRoute[] =>
    waysOf(end, peer).flatMap(({ slot }) => {
      const all = nexthops.get(keyOf(end, peer, slot)) ?? [];
      return all.length > 1 ? [{ slot, nexthops: all }] : [];
    });
  const sharing = (end: TunnelEnd, peer: TunnelEnd): TunnelEnd => {
    const shares = sharesOf(end, peer);
    return shares.length === 0 ? end : { ...end, shares };
  };
  return tunnels.map((tunnel) => {
    if (tunnel.state === 'absent') return tunnel;
    const [first, second] = tunnel.endpoints;
    return { ...tunnel, endpoints: [sharing(first, second), sharing(second, first)] };
  });
}

function bothWays({ endpoints: [first, second] }: Tunnel): readonly (readonly [TunnelEnd, TunnelEnd])[] {
  return [
    [first, second],
    [second, first],
  ];
}

function keyOf({ host }: TunnelEnd, peer: TunnelEnd, slot: string): string {
  return `${host} ${peer.host} ${slot}`;
}

function waysOf(end: TunnelEnd, peer: TunnelEnd) {
  return routesOn(end, peer).map((route) => ({ slot: routeSlot(route), weight: route.weight }));
}

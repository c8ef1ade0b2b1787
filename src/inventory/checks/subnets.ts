import { contains, familyOf, networkOf } from '../../domain/address.ts';
import { problemAt } from '../problem.ts';
import type { EndDraft } from '../tunnels/draft.ts';
import type { Check } from './landscape.ts';

/** Two subnets that differ need a route to each other; without one the ends do not reach each other. */
export const checkSubnetsAgree: Check = ({ endsByHost }, report) => {
  for (const { end, peer, tunnel } of [...endsByHost.values()].flat()) {
    for (const { value, at } of end.addresses) {
      if (value.peer !== undefined) continue;
      const network = networkOf(value.address, value.length);
      const others = peer.addresses.filter((other) => familyOf(other.value.address) === familyOf(value.address));
      const isReached = others.some((other) => contains(network, other.value.address) || hasRoute(end, peer, other.value.address));
      if (isReached || others.length === 0) continue;
      const message = `${end.host.value} has ${value.address}/${value.length} in tunnel ${tunnel.name}, and no inner address of ${peer.host.value} is in that subnet`;
      const hint = `Choose both from one subnet, or add a route on ${end.host.value} to the subnet of ${peer.host.value}.`;
      report(problemAt(at, { code: 'inventory.subnets-differ', message, hint, severity: 'warning' }));
    }
  }
};

function hasRoute(end: EndDraft, peer: EndDraft, address: string): boolean {
  return [...peer.networks.map(({ value }) => value), ...end.routes.map(({ value }) => value.to)].some((prefix) => contains(prefix, address));
}

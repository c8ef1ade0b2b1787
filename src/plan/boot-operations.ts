import type { Endpoint } from '../domain/endpoint.ts';
import type { Operation } from './operation.ts';
import { linkSpec } from './plan-link.ts';
import { wantedRoutes } from './plan-routes.ts';

/**
 * What makes an end on a host that has nothing of it, as right after boot: what {@link planEndpoint} does there, in its
 * order, without modules and forwarding, which the host's own files for those take care of.
 */
export function bootOperations(endpoint: Endpoint, alias: string): readonly Operation[] {
  const { device, addresses } = endpoint;
  return [
    { kind: 'add-link', link: linkSpec(endpoint, alias) },
    { kind: 'set-state', device, state: 'up' },
    ...addresses.map((address): Operation => ({ kind: 'add-address', device, address })),
    ...wantedRoutes(endpoint).map((route): Operation => ({ kind: 'add-route', route })),
  ];
}

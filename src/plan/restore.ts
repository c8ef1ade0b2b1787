import type { ObservedAddress, ObservedHost, ObservedLink, ObservedRoute } from '../domain/observed.ts';
import type { ModeName } from '../domain/tunnel.ts';
import { modeOfKind } from '../modes/index.ts';
import { routesToRestore } from './link-route.ts';
import type { Operation } from './operation.ts';

/**
 * Everything that brings a deleted link back as it was: attributes, MTU, alias, addresses, its state, and all routes
 * through it, whoever made them.
 */
export function restoreLink(found: ObservedLink, observed: ObservedHost): readonly Operation[] {
  const { device, attributes, mtuBytes, alias = '', kind } = found;
  const routes = routesToRestore(device, observed.routes);
  return [
    { kind: 'add-link', link: { device, mode: kind as ModeName, attributes, mtuBytes, alias } },
    ...restoreAddresses(found),
    ...(found.isUp ? [{ kind: 'set-state', device, state: 'up' } as const] : []),
    ...routes.map((route): Operation => ({ kind: 'add-route', route: { ...route } })),
  ];
}

export function restoreAddresses({ device, addresses }: ObservedLink): readonly Operation[] {
  return addresses.filter(({ isKernelMade }) => !isKernelMade).map((address) => ({ kind: 'add-address', device, address: plain(address) }));
}

/** Why a link could not be brought back, or undefined where it could. */
export function whyNotRestorable(found: ObservedLink, observed: ObservedHost): string | undefined {
  if (modeOfKind(found.kind ?? '') === undefined) return `a link of kind ${found.kind ?? 'none'}`;
  const lost = routesToRestore(found.device, observed.routes).find((route: ObservedRoute) => !route.isRestorable);
  return lost === undefined ? undefined : `the route ${lost.to} through it`;
}

function plain({ address, length, peer }: ObservedAddress) {
  return { address, length, ...(peer === undefined ? {} : { peer }) };
}

import type { ObservedAddress, ObservedHost, ObservedLink, ObservedRoute } from '../domain/observed.ts';
import type { InnerAddress, ModeName } from '../domain/tunnel.ts';
import { modeOfKind } from '../modes/index.ts';
import { asLinkRoute, isWritten, type LinkRoute, routesToRestore } from './link-route.ts';
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
    ...addRoutes(routes.map(asLinkRoute)),
    ...restoreSettings(device, observed),
  ];
}

/** What somebody set on this device alone; a new device takes what conf/default has. */
function restoreSettings(device: string, { sysctls }: ObservedHost): readonly Operation[] {
  return [...sysctls].flatMap(([path, value]): readonly Operation[] => {
    const [net, family, conf, owner, ...name] = path.split('/');
    const isOwn = conf === 'conf' && owner === device && sysctls.get([net, family, conf, 'default', ...name].join('/')) !== value;
    return isOwn ? [{ kind: 'set-sysctl', path, value }] : [];
  });
}

/** Those with a gateway last, since the way to it may be one of the others. */
export function addRoutes(routes: readonly LinkRoute[]): readonly Operation[] {
  const ordered = [...routes.filter(({ gateway }) => gateway === undefined), ...routes.filter(({ gateway }) => gateway !== undefined)];
  return ordered.map((route) => ({ kind: 'add-route', route }));
}

/** Routes of any link that carry one of these addresses as source: the kernel drops them with it (fib_sync_down_addr()). */
export function routesLostWith(addresses: readonly InnerAddress[], { routes }: ObservedHost): readonly LinkRoute[] {
  const isLost = ({ source }: ObservedRoute) => addresses.some(({ address }) => address === source);
  return routes.filter((route) => isWritten(route) && route.isRestorable && isLost(route)).map(asLinkRoute);
}

export function restoreAddresses({ device, addresses }: ObservedLink): readonly Operation[] {
  return addresses.filter(({ isKernelMade }) => !isKernelMade).map((address) => ({ kind: 'add-address', device, address: plain(address) }));
}

/** Why a link could not be brought back, or undefined where it could. */
export function whyNotRestorable(found: ObservedLink, observed: ObservedHost): string | undefined {
  if (modeOfKind(found.kind ?? '') === undefined) return `a link of kind ${found.kind ?? 'none'}`;
  const lost = routesToRestore(found.device, observed.routes).find((route: ObservedRoute) => !route.isRestorable);
  const shared = observed.routes.find(({ nexthopDevices = [] }) => nexthopDevices.includes(found.device));
  const route = lost ?? shared;
  return route === undefined ? undefined : `the route ${route.to} through it`;
}

function plain({ address, length, peer }: ObservedAddress) {
  return { address, length, ...(peer === undefined ? {} : { peer }) };
}

import { familyOf } from '../domain/address.ts';
import { grouped, onceFor } from '../domain/indexed.ts';
import type { ObservedHost, ObservedLink } from '../domain/observed.ts';
import { linksAbove, routesFrom } from '../domain/observed-index.ts';
import type { InnerAddress } from '../domain/tunnel.ts';
import { modeOf } from '../modes/index.ts';
import { asLinkRoute, isWritten, type LinkRoute, routesToRestore } from './link-route.ts';
import type { Operation } from './operation.ts';

/**
 * Everything that brings a deleted link back as it was: attributes, MTU, alias, settings, addresses, its state, and all
 * routes that go with it, whoever made them.
 */
export function restoreLink(found: ObservedLink, observed: ObservedHost): readonly Operation[] {
  const { device, attributes, mtuBytes, alias = '', kind, mode, settings: { group = 'default' } = {} } = found;
  if (mode === undefined) throw new Error(`${device} is a link of kind ${kind ?? 'none'}, which cannot be made anew`);
  const routes = routesToRestore(device, observed.routes);
  return [
    { kind: 'add-link', link: { device, mode, attributes, mtuBytes, alias, group } },
    ...restoreSettings(found, observed),
    ...(found.isUp ? [{ kind: 'set-state', device, state: 'up' } as const] : []),
    ...restoreAddresses(found),
    ...addRoutes([...routes.map(asLinkRoute), ...routesLeftWithout(found, observed)]),
  ];
}

/** What somebody set on this link beside its group; some of it has to be there before its addresses and before it is up. */
function restoreSettings(found: ObservedLink, observed: ObservedHost): readonly Operation[] {
  const { group: _, ...others } = found.settings ?? {};
  return [...Object.entries(others).map(([name, value]) => setLink(found.device, name, value)), ...sysctlsOf(found.device, observed)];
}

export function setLink(device: string, name: string, value: string): Operation {
  return { kind: 'set-link', device, name, value };
}

/** A new device takes what conf/default has. What the kernel decides by itself reads below 0, follows from the MTU, or cannot be written. */
export function sysctlsOf(device: string, { sysctls }: ObservedHost): readonly (Operation & { readonly kind: 'set-sysctl' })[] {
  return (settingsByDevice(sysctls).get(device) ?? []).flatMap(([path, value]) => {
    const [net, family, , , ...name] = path.split('/');
    const isOwn = sysctls.get([net, family, 'conf', 'default', ...name].join('/')) !== value;
    return isOwn && !value.startsWith('-') && !NOT_SET.has(name.join('/')) ? [{ kind: 'set-sysctl', path, value } as const] : [];
  });
}

const settingsByDevice = onceFor((sysctls: ObservedHost['sysctls']) =>
  grouped(sysctls, ([path]) => {
    const [, , conf, device] = path.split('/');
    return conf === 'conf' && device !== undefined ? [device] : [];
  }),
);

const NOT_SET = new Set(['mtu', 'mc_forwarding']);

/** Those with a gateway last, since the way to it may be one of the others. */
export function addRoutes(routes: readonly LinkRoute[]): readonly (Operation & { readonly kind: 'add-route'; readonly route: LinkRoute })[] {
  const ordered = [...routes.filter(({ gateway }) => gateway === undefined), ...routes.filter(({ gateway }) => gateway !== undefined)];
  return ordered.map((route) => ({ kind: 'add-route', route }));
}

/** Routes of any link that carry one of these addresses as source: the kernel drops them with it, those of IPv4 (fib_sync_down_addr()). */
export function routesLostWith(addresses: readonly InnerAddress[], { routes }: Pick<ObservedHost, 'routes'>): readonly LinkRoute[] {
  const sources = addresses.map(({ address }) => address).filter((address) => familyOf(address) === 4);
  return routesFrom(routes, ...sources)
    .filter((route) => isWritten(route) && route.isRestorable)
    .map(asLinkRoute);
}

/** Routes of other links that go with the addresses of this one. */
export function routesLeftWithout({ device, addresses }: ObservedLink, observed: ObservedHost): readonly LinkRoute[] {
  return routesLostWith(addresses, observed).filter((route) => route.device !== device);
}

export function restoreAddresses(link: ObservedLink): readonly Operation[] {
  return writtenAddresses(link).map((address) => ({ kind: 'add-address', device: link.device, address }));
}

/**
 * Addresses that somebody wrote, as they are written back.
 *
 * Where there are neighbours, nobody is asked whether one of them has an IPv6 address too: it was there before, and until
 * the answer it could not be used, nor would its routes be there.
 */
export function writtenAddresses({ addresses, mode }: ObservedLink): readonly InnerAddress[] {
  const hasNeighbours = mode !== undefined && modeOf(mode).isEthernet;
  return addresses.flatMap(({ isKernelMade, ...address }) =>
    isKernelMade ? [] : [hasNeighbours && familyOf(address.address) === 6 ? { ...address, nodad: true } : address],
  );
}

/** Why a link could not be brought back, or undefined where it could. */
export function whyNotRestorable(found: ObservedLink, observed: ObservedHost): string | undefined {
  if (found.mode === undefined) return `a link of kind ${found.kind ?? 'none'}`;
  const above = linksAbove(observed.links, found.device)[0];
  if (above !== undefined) return `the link ${above.device} on top of it`;
  if (found.burdens?.[0] !== undefined) return found.burdens[0];
  const route = routesToRestore(found.device, observed.routes).find(({ isRestorable }) => !isRestorable);
  return route === undefined ? undefined : `the route ${route.to} through it`;
}

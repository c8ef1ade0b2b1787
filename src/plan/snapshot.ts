import { contains } from '../domain/address.ts';
import { onceFor } from '../domain/indexed.ts';
import { associationText, policyText } from '../domain/ipsec.ts';
import type { ObservedHost, ObservedRoute } from '../domain/observed.ts';
import { ROUTE_PROTOCOL, routeSlot } from '../domain/route.ts';
import { fallbackDevices } from '../modes/index.ts';

/** One object of a host that is not as it was. */
export interface SnapshotDifference {
  /** The device it belongs to, the path of the sysctl or file, or {@link ipsecOwner}. */
  readonly belongsTo: string;
  /** `missing: address 10.0.0.1/32 on gre1`, `new: …` for people. */
  readonly text: string;
}

/**
 * Compares a host with what it was: links with their attributes, addresses, routes, forwarding, what IPsec protects, and our
 * files.
 *
 * Devices that modules make by themselves are left out, since a loaded module stays; so are addresses the kernel or a
 * daemon manages with lifetimes, and the kernel's routes to link-local addresses, which a link gets anew when it is made.
 */
export function compareSnapshots(before: ObservedHost, after: ObservedHost): readonly SnapshotDifference[] {
  return comparisonsWith(before)(after);
}

const comparisonsWith = onceFor((before: ObservedHost) => onceFor((after: ObservedHost) => compare(before, after)));

function compare(before: ObservedHost, after: ObservedHost): readonly SnapshotDifference[] {
  const [was, is] = [objectsOf(before), objectsOf(after)];
  const [weighed, weighs] = [weightsOf(before), weightsOf(after)];
  const missing = [...was].filter(([text]) => !is.has(text)).map(([text, belongsTo]) => ({ belongsTo, text: `missing: ${text}` }));
  const added = [...is].filter(([text]) => !was.has(text)).map(([text, belongsTo]) => ({ belongsTo, text: `new: ${text}` }));
  const reweighed = [...weighs].flatMap(([nexthop, { weight, device }]) => {
    const old = weighed.get(nexthop)?.weight ?? weight;
    return old === weight ? [] : [{ belongsTo: device, text: `new: weight ${weight} of ${nexthop}, which was ${old}` }];
  });
  return [...missing, ...added, ...reweighed];
}

/** Every object as one line of text, with what it belongs to. */
function objectsOf(observed: ObservedHost): ReadonlyMap<string, string> {
  const links = observed.links.filter(({ device }) => !fallbackDevices.has(device));
  const isFallbackPath = (path: string) => fallbackDevices.has(path.split('/')[3] ?? '');
  return new Map([
    ...links.map(({ device, addresses: _, ...link }) => [`link ${device} ${canonical(link)}`, device] as const),
    ...links.flatMap(({ device, addresses }) =>
      addresses.filter(({ isKernelMade }) => !isKernelMade).map((address) => [`address on ${device} ${canonical(address)}`, device] as const),
    ),
    ...observed.routes
      .filter((route) => !fallbackDevices.has(route.device) && !isLinkLocal(route))
      .map((route) => [`route ${canonical(ownShare(route))}`, route.device] as const),
    ...observed.fouPorts.map((port) => [`fou port ${canonical(port)}`, `fou port ${port.port}`] as const),
    ...observed.clamps.map((clamp) => [`mss clamp ${canonical(clamp)}`, clamp.device] as const),
    ...[...observed.sysctls]
      .filter(([path]) => !isFallbackPath(path))
      .map(([path, value]) => [`sysctl ${path} ${value}`, sysctlOwner(path)] as const),
    ...observed.associations.map((one) => [`security association ${associationText(one)}`, ipsecOwner(one.reqid)] as const),
    ...observed.policies.map((policy) => [`policy ${policyText(policy)}`, ipsecOwner(policy.path?.reqid)] as const),
    ...observed.persistence.files.map((file) => [`file ${canonical(file)}`, file.path] as const),
  ]);
}

/** To whom associations and policies belong: the kernel knows them by a number. */
export function ipsecOwner(reqid: number | undefined): string {
  return `reqid ${reqid ?? 0}`;
}

/** How many other nexthops a route of ours has is a matter of their own tunnels, and so is what the kernel makes of its scope. */
function ownShare({ nexthops: _, scope, ...route }: ObservedRoute): Partial<ObservedRoute> {
  return route.protocol === ROUTE_PROTOCOL || scope === undefined ? route : { ...route, scope };
}

/** Of nexthops that have others beside them: the weight of an only one cannot be seen. */
function weightsOf({ routes }: ObservedHost): ReadonlyMap<string, { readonly weight: number; readonly device: string }> {
  const weights = routes.flatMap((route) =>
    (route.nexthops ?? [])
      .filter(({ device }) => device === route.device)
      .map((own) => [`route ${routeSlot(route)} dev ${own.device}`, own] as const),
  );
  return new Map(weights);
}

function isLinkLocal({ to, protocol }: ObservedRoute): boolean {
  return protocol === 'kernel' && contains('fe80::/10', to);
}

function sysctlOwner(path: string): string {
  const device = /^net\/ipv[46]\/conf\/([^/]+)\//.exec(path)?.[1];
  return device === undefined || device === 'all' || device === 'default' ? path : device;
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

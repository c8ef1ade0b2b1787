import { familyOf } from '../domain/address.ts';
import type { Endpoint } from '../domain/endpoint.ts';
import { indexed } from '../domain/indexed.ts';
import type { ObservedHost, ObservedLink, ObservedRoute } from '../domain/observed.ts';
import { addressesMeeting, linkOn, routesAt } from '../domain/observed-index.ts';
import type { Problem } from '../domain/problem.ts';
import { routeSlot } from '../domain/route.ts';
import { fallbackDevices, modeOf } from '../modes/index.ts';
import type { Mode } from '../modes/mode.ts';
import { captureConflicts } from './capture.ts';
import { portConflicts } from './fou-port.ts';
import { ipsecConflicts } from './ipsec-conflicts.ts';
import { aliasOf } from './link-alias.ts';
import { clampConflicts } from './mss-clamp.ts';
import { MOST_ALIAS_BYTES, parseAlias } from './ownership.ts';
import { isReplaced, linkSpec } from './plan-link.ts';
import { fileConflicts, persistenceConflicts } from './plan-persistence.ts';
import { foreign, notRestorable } from './plan-removal.ts';
import { wantedRoutes } from './plan-routes.ts';
import { poolConflicts } from './pool-conflicts.ts';
import { whyNotRestorable } from './restore.ts';
import { shadowConflicts } from './shadows.ts';
import { isJoined } from './shares.ts';

export type ForeignDevices = 'refuse' | 'adopt';

/** Everything on the host that stands against this endpoint; the tunnel is refused before anything is changed. */
export function findConflicts(endpoint: Endpoint, observed: ObservedHost, foreignDevices: ForeignDevices): readonly Problem[] {
  return [
    ...deviceConflicts(endpoint, observed, foreignDevices),
    ...identityConflicts(endpoint, observed),
    ...shadowConflicts(endpoint, observed),
    ...addressConflicts(endpoint, observed),
    ...routeConflicts(endpoint, observed),
    ...poolConflicts(endpoint, observed),
    ...captureConflicts(endpoint, observed),
    ...forwardingConflicts(endpoint, observed),
    ...markConflicts(endpoint, observed),
    ...ipsecConflicts(endpoint, observed),
    ...persistenceConflicts(endpoint, observed),
    ...(foreignDevices === 'adopt' ? [] : fileConflicts(endpoint, observed)),
    ...clampConflicts(endpoint, observed),
    ...portConflicts(endpoint, observed),
  ];
}

function deviceConflicts(endpoint: Endpoint, observed: ObservedHost, foreignDevices: ForeignDevices): readonly Problem[] {
  const found = linkOn(observed.links, endpoint.device);
  if (found === undefined) return [];
  const isOurs = parseAlias(found.alias)?.tunnel === endpoint.tunnel;
  const isTunnel = found.mode !== undefined && !fallbackDevices.has(found.device);
  if (!isOurs && (foreignDevices === 'refuse' || !isTunnel)) return [foreign(endpoint, endpoint.device, found.alias)];
  if (!isReplaced(linkSpec(endpoint, ''), found)) return [];
  const obstacle = whyNotRestorable(found, observed);
  return obstacle === undefined ? [] : [notRestorable(endpoint, endpoint.device, obstacle)];
}

/** The kernel says only «File exists» for a second device of one identity, as it does for a name in use. */
function identityConflicts(endpoint: Endpoint, { links }: ObservedHost): readonly Problem[] {
  const mode = modeOf(endpoint.mode);
  const other = linksOfIdentity(links, mode.identity(endpoint)).find(({ device }) => device !== endpoint.device);
  if (other === undefined) return [];
  return [{ code: 'plan.identity-in-use', host: endpoint.host, ...inUse(mode, endpoint, other.device) }];
}

const linksOfIdentity = indexed((link: ObservedLink) => identityOf(link));

function inUse({ name, toldApartBy }: Mode, { local, remote, ikey, vni }: Endpoint, device: string): Pick<Problem, 'message' | 'hint'> {
  if (toldApartBy.includes('vni'))
    return { message: `${device} has vni ${vni} on that port already`, hint: 'Give this tunnel another vni or port, or remove the other device.' };
  const isByKey = toldApartBy.includes('key');
  return {
    message: `${device} is already the ${name} tunnel from ${local} to ${remote}${isByKey && ikey !== undefined ? ` key ${ikey}` : ''}`,
    hint: isByKey
      ? 'Give this tunnel another key, or remove the other device.'
      : 'A host can have one such tunnel to a peer: remove the other device.',
  };
}

function identityOf({ mode, attributes }: ObservedLink): readonly string[] {
  const { local, remote, ikey, dev, id, dstport } = attributes;
  const text = (value: unknown) => (typeof value === 'string' ? value : 'any');
  if (mode === undefined) return [];
  const identity = modeOf(mode).identity({
    local: text(local),
    remote: text(remote),
    ...(typeof ikey === 'number' ? { ikey } : {}),
    ...(typeof dev === 'string' ? { dev } : {}),
    ...(typeof id === 'number' ? { vni: id } : {}),
    ...(typeof dstport === 'number' ? { port: dstport } : {}),
  });
  return [identity];
}

function addressConflicts({ host, device, addresses }: Endpoint, { links }: ObservedHost): readonly Problem[] {
  return addresses.flatMap((wanted) => {
    const clash = addressesMeeting(links, wanted).find(({ link }) => link.device !== device);
    if (clash === undefined) return [];
    return [
      {
        code: 'plan.address-in-use',
        host,
        message: `the inner address ${wanted.address} overlaps ${clash.address}/${clash.length}, which ${clash.link.device} has`,
        hint: 'Choose inner addresses that no other link of the host has.',
      },
    ];
  });
}

function routeConflicts(endpoint: Endpoint, { routes }: ObservedHost): readonly Problem[] {
  return wantedRoutes(endpoint).flatMap((route) => {
    const found = routesAt(routes, routeSlot(route));
    const other = found.find((one) => one.device !== endpoint.device && !isJoined(route, one));
    const isNexthop = found.some(({ device, nexthops }) => device === endpoint.device && nexthops !== undefined);
    if (other === undefined || isNexthop) return [];
    const whose = other.device === '' ? `a route of type ${other.type}` : `${other.device} (proto ${other.protocol})`;
    return [
      {
        code: 'plan.foreign-route',
        host: endpoint.host,
        message: `${route.to} is already routed to ${whose}`,
        hint: 'Give this endpoint another `metric` or `table`, or remove the other route.',
      },
    ];
  });
}

/** IPv6 forwarding makes the kernel drop the default routes it learnt from router advertisements (ip-sysctl.rst, accept_ra). */
function forwardingConflicts(endpoint: Endpoint, observed: ObservedHost): readonly Problem[] {
  const carriesIpv6 = [...endpoint.networks, ...endpoint.routes.map(({ to }) => to)].some((prefix) => familyOf(prefix) === 6);
  const isOff = observed.sysctls.get('net/ipv6/conf/all/forwarding') === '0';
  const [advertised] = endpoint.forwarding && carriesIpv6 && isOff ? routesOf(observed.routes, 'ra') : [];
  if (advertised === undefined) return [];
  return [
    {
      code: 'plan.forwarding-drops-routes',
      host: endpoint.host,
      message: `switching IPv6 forwarding on would drop the route ${advertised.to} learnt from router advertisements on ${advertised.device}`,
      hint: `Set net.ipv6.conf.${advertised.device}.accept_ra=2 and net.ipv6.conf.all.forwarding=1 yourself, or set \`forwarding: false\`.`,
    },
  ];
}

const routesOf = indexed(({ protocol }: ObservedRoute) => [protocol]);

/** The mark has to name every device whose own forwarding was on; an alias is short, and names of devices may hold almost anything. */
function markConflicts(endpoint: Endpoint, observed: ObservedHost): readonly Problem[] {
  const alias = aliasOf(endpoint, observed);
  if (alias.length <= MOST_ALIAS_BYTES && /^[\w.:,=-]+$/.test(alias)) return [];
  return [
    {
      code: 'plan.mark-too-long',
      host: endpoint.host,
      message: 'forwarding is off, but on for single devices of their own, more than the link’s alias can remember',
      hint: 'Switch net.ipv4.ip_forward (or net.ipv6.conf.all.forwarding) on yourself, or set `forwarding: false`.',
    },
  ];
}

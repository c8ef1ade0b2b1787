import type { Endpoint } from '../domain/endpoint.ts';
import type { Attributes, ObservedHost, ObservedLink } from '../domain/observed.ts';
import { linkOn } from '../domain/observed-index.ts';
import { ROUTE_PROTOCOL } from '../domain/route.ts';
import { modeOf } from '../modes/index.ts';
import { LEAST_IPV6_MTU_BYTES } from '../modes/sizes.ts';
import { carriedSettings } from './carry-over.ts';
import { allAttributes, differences } from './describe.ts';
import { writtenRoutes } from './link-route.ts';
import type { LinkSpec, Operation } from './operation.ts';
import { join, NOTHING, type Owner, type Part, step } from './part.ts';
import { addRoutes, restoreLink } from './restore.ts';
import { leaveShares } from './shares.ts';

/** The device an endpoint asks for. */
export function linkSpec(endpoint: Endpoint, alias: string): LinkSpec {
  const { device, mode, mtuBytes, isRenewed } = endpoint;
  return { device, mode, attributes: modeOf(mode).attributes(endpoint), mtuBytes, alias, ...(isRenewed === undefined ? {} : { isRenewed }) };
}

/** Adds the link, repairs it in place, or replaces it where the kernel cannot change what differs. */
export function planLink(owner: Owner, wanted: LinkSpec, observed: ObservedHost): Part {
  const found = linkOn(observed.links, wanted.device);
  if (found === undefined) return add(owner, wanted);
  return isReplaced(wanted, found) ? replace(owner, wanted, { found, observed }) : repair(owner, wanted, found);
}

/** Whether bringing the link to what is wanted takes delete and add. */
export function isReplaced(wanted: LinkSpec, found: ObservedLink): boolean {
  if (found.mode !== wanted.mode || wanted.isRenewed === true) return true;
  const between = { from: found.attributes, to: wanted.attributes };
  return differences(between.from, between.to).some(({ name }) => !modeOf(wanted.mode).isChangeable(name, between));
}

/** @param before - done before the link is deleted again, which may still be the one it was to replace */
function add(owner: Owner, link: LinkSpec, before: readonly Operation[] = []): Part {
  const { device, alias } = link;
  return {
    changes: [{ host: owner.host, action: 'add', object: `link ${device}`, differences: everythingOf(link) }],
    steps: [
      step(owner, `add link ${device}`, { forward: [{ kind: 'add-link', link }], inverse: [...before, { kind: 'delete-link', device, alias }] }),
    ],
  };
}

function replace(owner: Owner, wanted: LinkSpec, { found, observed }: { readonly found: ObservedLink; readonly observed: ObservedHost }): Part {
  const { device } = wanted;
  const alias = found.alias ?? '';
  const before = { mode: found.mode ?? found.kind ?? 'none', ...found.attributes, mtu: found.mtuBytes };
  const carried = carriedSettings(owner, wanted, { found, observed });
  return {
    changes: [
      { host: owner.host, action: 'replace', object: `link ${device}`, differences: differences(before, attributesWithMtu(wanted)) },
      ...carried.changes,
    ],
    steps: [
      step(owner, `delete link ${device} to replace it`, {
        forward: [...leaveShares(device, observed), { kind: 'delete-link', device, alias }],
        inverse: restoreLink(found, observed),
      }),
      ...add(owner, wanted, leaveShares(device, observed)).steps,
      ...carried.steps,
    ],
  };
}

function repair(owner: Owner, wanted: LinkSpec, found: ObservedLink): Part {
  return join([changeAttributes(owner, wanted, found), setMtu(owner, wanted, found), setAlias(owner, wanted, found)]);
}

/** The kernel recomputes the MTU when key, csum or seq come or go (net/ipv4/ip_gre.c), so the MTU is always restated. */
function changeAttributes(owner: Owner, wanted: LinkSpec, found: ObservedLink): Part {
  const changed = differences(found.attributes, wanted.attributes);
  if (changed.length === 0) return NOTHING;
  const { device, mode } = wanted;
  const between = (from: Attributes, to: Attributes, mtuBytes: number): readonly Operation[] => [
    { kind: 'change-link', device, mode, from, to },
    { kind: 'set-mtu', device, mtuBytes },
  ];
  return {
    changes: [{ host: owner.host, action: 'change', object: `link ${device}`, differences: changed }],
    steps: [
      step(owner, `change link ${device}: ${changed.map(({ name }) => name).join(', ')}`, {
        forward: between(found.attributes, wanted.attributes, found.mtuBytes),
        inverse: between(wanted.attributes, found.attributes, found.mtuBytes),
      }),
    ],
  };
}

function setMtu(owner: Owner, wanted: LinkSpec, found: ObservedLink): Part {
  return found.mtuBytes === wanted.mtuBytes || isBelowIpv6(wanted, found) ? NOTHING : mtuPart(owner, wanted, { found, lost: [] });
}

/** Below it IPv6 leaves the device, with its addresses and routes (net/ipv6/addrconf.c). */
function isBelowIpv6({ mtuBytes }: LinkSpec, found: ObservedLink): boolean {
  return found.mtuBytes >= LEAST_IPV6_MTU_BYTES && mtuBytes < LEAST_IPV6_MTU_BYTES;
}

/** An MTU that takes IPv6 away comes last, when what is ours of it is gone; routes of others are written again on the way back. */
export function planLowMtu(
  owner: Owner,
  wanted: LinkSpec,
  { kept, observed }: { readonly kept: ObservedLink | undefined; readonly observed: ObservedHost },
): Part {
  if (kept === undefined || !isBelowIpv6(wanted, kept)) return NOTHING;
  const others = writtenRoutes(wanted.device, observed.routes, 6).filter(({ protocol }) => protocol !== ROUTE_PROTOCOL);
  return mtuPart(owner, wanted, { found: kept, lost: addRoutes(others) });
}

function mtuPart(
  owner: Owner,
  { device, mtuBytes }: LinkSpec,
  { found, lost }: { readonly found: ObservedLink; readonly lost: readonly Operation[] },
): Part {
  const difference = { name: 'mtu', from: String(found.mtuBytes), to: String(mtuBytes) };
  return {
    changes: [{ host: owner.host, action: 'change', object: `link ${device}`, differences: [difference] }],
    steps: [
      step(owner, `set mtu ${mtuBytes} on ${device}`, {
        forward: [{ kind: 'set-mtu', device, mtuBytes }],
        inverse: [{ kind: 'set-mtu', device, mtuBytes: found.mtuBytes }, ...lost],
      }),
    ],
  };
}

function setAlias(owner: Owner, { device, alias }: LinkSpec, found: ObservedLink): Part {
  if (found.alias === alias) return NOTHING;
  return {
    changes: [{ host: owner.host, action: 'change', object: `link ${device}`, differences: [{ name: 'alias', from: found.alias ?? '', to: alias }] }],
    steps: [
      step(owner, `mark ${device} as made by tunorch`, {
        forward: [{ kind: 'set-alias', device, alias }],
        inverse: [{ kind: 'set-alias', device, alias: found.alias ?? '' }],
      }),
    ],
  };
}

function everythingOf(link: LinkSpec) {
  return allAttributes(attributesWithMtu(link));
}

function attributesWithMtu({ mode, attributes, mtuBytes }: LinkSpec): Attributes {
  return { mode, ...attributes, mtu: mtuBytes };
}

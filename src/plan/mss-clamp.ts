import { type Family, familyOf } from '../domain/address.ts';
import type { Endpoint } from '../domain/endpoint.ts';
import { indexed } from '../domain/indexed.ts';
import type { Clamp, FirewallTool } from '../domain/mss-clamp.ts';
import type { ObservedHost } from '../domain/observed.ts';
import type { Problem } from '../domain/problem.ts';
import type { PlannedChange } from './change.ts';
import type { Operation } from './operation.ts';
import { NOTHING, type Owner, type Part, step } from './part.ts';

/** The rules an endpoint asks for; undefined where it asks for none, or the host has no program that could make them. */
export function clampFor(endpoint: Endpoint, observed: ObservedHost): Clamp | undefined {
  const { device, tunnel, mssClamp: size } = endpoint;
  const tool = toolFor(device, observed);
  if (size === undefined || tool === undefined) return undefined;
  return { device, tunnel, size, tool, families: tool === 'nft' ? [4, 6] : familiesInside(endpoint) };
}

/** What is there stays with the program that made it; a table of nft's own does not meet what iptables does. */
function toolFor(device: string, { clamps, programs }: ObservedHost): FirewallTool | undefined {
  const tools = ['nft', 'iptables'] as const;
  return clampsOn(clamps, device)[0]?.tool ?? tools.find((tool) => programs.has(tool));
}

const clampsOn = indexed(({ device }: Clamp) => [device]);

/** Those made for a tunnel. */
export const clampsOf = indexed(({ tunnel }: Clamp) => [tunnel]);

function familiesInside({ addresses, networks, routes }: Endpoint): readonly Family[] {
  const inside = new Set([...addresses.map(({ address }) => address), ...networks, ...routes.map(({ to }) => to)].map(familyOf));
  return ([4, 6] as const).filter((family) => inside.has(family));
}

/** Makes the rules as they are wanted; a table or chain of its own for each device, which goes with the tunnel. */
export function planClamp(owner: Owner, device: string, { wanted, observed }: Situation): Part {
  const [found] = clampsOn(observed.clamps, device);
  if (textOf(wanted) === textOf(found)) return NOTHING;
  const title = wanted === undefined ? `remove mss clamp from ${device}` : `clamp mss on ${device} (${sizeText(wanted)})`;
  return {
    changes: [changeOf(owner, { device, wanted, found })],
    steps: [step(owner, title, { forward: towards(wanted, found), inverse: towards(found, wanted) })],
  };
}

interface Situation {
  readonly wanted: Clamp | undefined;
  readonly observed: ObservedHost;
}

/** Adding takes the place of what is there. */
function towards(wanted: Clamp | undefined, found: Clamp | undefined): readonly Operation[] {
  if (wanted !== undefined) return [{ kind: 'add-clamp', clamp: wanted }];
  return found === undefined ? [] : [{ kind: 'delete-clamp', clamp: found }];
}

function changeOf(
  { host }: Owner,
  { device, wanted, found }: { readonly device: string; readonly wanted: Clamp | undefined; readonly found: Clamp | undefined },
): PlannedChange {
  const object = `mss clamp on ${device}`;
  if (wanted === undefined) return { host, action: 'remove', object };
  const to = sizeText(wanted);
  if (found === undefined)
    return {
      host,
      action: 'add',
      object,
      differences: [
        { name: 'size', to },
        { name: 'by', to: wanted.tool },
      ],
    };
  return { host, action: 'change', object, differences: [{ name: 'size', from: sizeText(found), to }] };
}

function sizeText({ size }: Clamp): string {
  return size === 'auto' ? 'of the route' : String(size);
}

function textOf(clamp: Clamp | undefined): string {
  return clamp === undefined ? '' : [clamp.tunnel, clamp.size, clamp.tool, ...clamp.families].join(' ');
}

export function clampConflicts(endpoint: Endpoint, observed: ObservedHost): readonly Problem[] {
  if (endpoint.mssClamp === undefined || clampFor(endpoint, observed) !== undefined) return [];
  return [
    {
      code: 'plan.no-firewall-tool',
      host: endpoint.host,
      message: 'there is neither `nft` nor `iptables` on it, so it cannot clamp the segment size of TCP',
      hint: 'Install the package nftables there, or remove `mss_clamp`.',
    },
  ];
}

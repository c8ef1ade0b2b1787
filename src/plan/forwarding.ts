import type { Family } from '../domain/address.ts';
import { familyOf } from '../domain/address.ts';
import type { Endpoint } from '../domain/endpoint.ts';
import { onceFor } from '../domain/indexed.ts';
import type { ObservedHost, ObservedLink } from '../domain/observed.ts';
import type { Operation } from './operation.ts';
import { type ForwardingMark, parseAlias } from './ownership.ts';

interface Switch {
  readonly mark: ForwardingMark['name'];
  readonly path: string;
  readonly devicePaths: RegExp;
}

const SWITCHES: Readonly<Record<Family, Switch>> = {
  4: { mark: 'ip_forward', path: 'net/ipv4/ip_forward', devicePaths: /^net\/ipv4\/conf\/(?!all\/)([^/]+)\/forwarding$/ },
  6: { mark: 'ipv6_forwarding', path: 'net/ipv6/conf/all/forwarding', devicePaths: /^net\/ipv6\/conf\/(?!all\/)([^/]+)\/forwarding$/ },
};

/** Switches this endpoint needs on: one for each family of the networks it forwards between. */
function neededSwitches(endpoint: Endpoint): readonly Switch[] {
  if (!endpoint.forwarding) return [];
  const routed = [...endpoint.networks, ...endpoint.routes.map(({ to }) => to)];
  const carried = routed.length > 0 ? routed : endpoint.addresses.map(({ address }) => address);
  return ([4, 6] as const).filter((family) => carried.some((text) => familyOf(text) === family)).map((family) => SWITCHES[family]);
}

/** The marks a link of this endpoint carries: for each needed switch that was off before tunorch came. */
export function marksFor(endpoint: Endpoint, observed: ObservedHost): readonly ForwardingMark[] {
  return neededSwitches(endpoint).flatMap((needed) => {
    const inherited = marksOn(observed.links).get(needed.mark);
    if (inherited !== undefined) return [inherited];
    return isOff(needed, observed) ? [{ name: needed.mark, keepOn: devicesOn(needed, observed) }] : [];
  });
}

/** Switches that are off and needed, each with its way back. */
export function forwardingSteps(endpoint: Endpoint, observed: ObservedHost): readonly { readonly path: string; readonly inverse: Operation }[] {
  return neededSwitches(endpoint)
    .filter((needed) => isOff(needed, observed))
    .map((needed) => ({ path: needed.path, inverse: releaseOf({ name: needed.mark, keepOn: devicesOn(needed, observed) }) }));
}

/** The operation that takes a mark's promise back. */
export function releaseOf({ name, keepOn }: ForwardingMark): Operation & { readonly kind: 'release-forwarding' } {
  const { path } = switchOf(name);
  const family = name === 'ip_forward' ? 'ipv4' : 'ipv6';
  return { kind: 'release-forwarding', mark: name, path, keepOn: keepOn.map((device) => `net/${family}/conf/${device}/forwarding`) };
}

/** Whether a tunnel that is there still needs the switch at this path on. */
export function isHeldOn(path: string, observed: ObservedHost): boolean {
  return [...marksOn(observed.links).keys()].some((name) => switchOf(name).path === path);
}

function switchOf(name: ForwardingMark['name']): Switch {
  return name === 'ip_forward' ? SWITCHES[4] : SWITCHES[6];
}

/** The first of each name. */
const marksOn = onceFor((links: readonly ObservedLink[]): ReadonlyMap<ForwardingMark['name'], ForwardingMark> => {
  const marks = links.flatMap(({ alias }) => parseAlias(alias)?.marks ?? []);
  return new Map(marks.toReversed().map((mark) => [mark.name, mark]));
});

function isOff({ path }: Switch, observed: ObservedHost): boolean {
  return observed.sysctls.get(path) === '0';
}

function devicesOn({ mark }: Switch, { sysctls }: ObservedHost): readonly string[] {
  return switchedOn(sysctls)[mark];
}

const switchedOn = onceFor((sysctls: ObservedHost['sysctls']) => {
  const devices = ({ devicePaths }: Switch) =>
    [...sysctls].flatMap(([path, value]) => {
      const device = devicePaths.exec(path)?.[1];
      return device !== undefined && value === '1' ? [device] : [];
    });
  return { ip_forward: devices(SWITCHES[4]), ipv6_forwarding: devices(SWITCHES[6]) };
});

import { familyOf } from '../domain/address.ts';
import { type Endpoint, MAIN_TABLE } from '../domain/endpoint.ts';
import type { ObservedHost } from '../domain/observed.ts';
import { linkOn } from '../domain/observed-index.ts';
import { sysctlName } from './describe.ts';
import { NOTHING, type Owner, type Part, step } from './part.ts';

/** Values of rp_filter (ip-sysctl.rst). */
const STRICT = 1;
const LOOSE = 2;

/**
 * Loosens the reverse path filter of the tunnel's own device, where a strict one would drop what comes in by it.
 *
 * Strict means that the best route to the sender must lead back into the device (RFC 3704 section 2.2). It need not where the
 * endpoint's routes are not the first to be asked: in a table of their own, or with a metric, which leaves room for better
 * ones. Of the device's own setting and that of `all` the higher holds, and 2 is loose: so nothing but the device is touched.
 */
export function planReversePath(owner: Owner, endpoint: Endpoint, observed: ObservedHost): Part {
  const path = pathOf(endpoint.device);
  const own = settingOf(path, observed) ?? settingOf(pathOf('default'), observed) ?? 0;
  const effective = Math.max(own, settingOf(pathOf('all'), observed) ?? 0);
  if (effective !== STRICT || !isAskedLater(endpoint)) return NOTHING;
  const set = (value: number) => ({ kind: 'set-sysctl', path, value: String(value) }) as const;
  const isThere = linkOn(observed.links, endpoint.device) !== undefined;
  const name = sysctlName(path);
  return {
    changes: [
      { host: owner.host, action: 'change', object: `sysctl ${name}`, differences: [{ name: 'value', from: String(own), to: String(LOOSE) }] },
    ],
    steps: [step(owner, `set sysctl ${name} to ${LOOSE}`, { forward: [set(LOOSE)], inverse: isThere ? [set(own)] : [] })],
  };
}

/** Whether the filter of its device is loose for this endpoint, or is about to be: at the next boot it must be again. */
export function loosened(endpoint: Endpoint, observed: ObservedHost): readonly { readonly path: string; readonly value: string }[] {
  const path = pathOf(endpoint.device);
  const own = settingOf(path, observed) ?? settingOf(pathOf('default'), observed) ?? 0;
  const effective = Math.max(own, settingOf(pathOf('all'), observed) ?? 0);
  const isLoose = isAskedLater(endpoint) && (own === LOOSE || effective === STRICT);
  return isLoose ? [{ path, value: String(LOOSE) }] : [];
}

/** IPv6 has no such filter. */
function isAskedLater({ routes }: Endpoint): boolean {
  return routes.some(({ to, table, metric = 0 }) => familyOf(to) === 4 && (table !== MAIN_TABLE || metric > 0));
}

function settingOf(path: string, { sysctls }: ObservedHost): number | undefined {
  const value = sysctls.get(path);
  return value === undefined ? undefined : Number(value);
}

/** Below /proc/sys, where a device's name may have dots. */
function pathOf(place: string): string {
  return `net/ipv4/conf/${place}/rp_filter`;
}

import type { Endpoint } from '../domain/endpoint.ts';
import type { ObservedHost } from '../domain/observed.ts';
import { marksFor } from './forwarding.ts';
import { portMarkFor } from './fou-port.ts';
import { clampFor } from './mss-clamp.ts';
import { formatAlias } from './ownership.ts';

/** The alias of an endpoint's link: whose it is, and what of the host it remembers. */
export function aliasOf(endpoint: Endpoint, observed: ObservedHost): string {
  const { tunnel, pathMtuBytes } = endpoint;
  const clamp = clampFor(endpoint, observed);
  const fouPort = portMarkFor(endpoint, observed);
  return formatAlias({
    tunnel,
    marks: marksFor(endpoint, observed),
    ...(pathMtuBytes === undefined ? {} : { pathMtuBytes }),
    ...(clamp === undefined ? {} : { mss: clamp.tool }),
    ...(fouPort === undefined ? {} : { fouPort }),
  });
}

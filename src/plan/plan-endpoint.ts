import { familyOf } from '../domain/address.ts';
import type { Endpoint } from '../domain/endpoint.ts';
import type { ObservedHost, ObservedLink } from '../domain/observed.ts';
import { linkOn } from '../domain/observed-index.ts';
import { modulesOf } from '../modes/modules.ts';
import { planCarriedRoutes } from './carry-over.ts';
import { sysctlName } from './describe.ts';
import { forwardingSteps } from './forwarding.ts';
import { planPort, planPortRelease, portMarkFor } from './fou-port.ts';
import { aliasOf } from './link-alias.ts';
import { clampFor, planClamp } from './mss-clamp.ts';
import { parseAlias } from './ownership.ts';
import { join, NOTHING, type Owner, type Part, step } from './part.ts';
import { planAddresses } from './plan-addresses.ts';
import type { IpsecParts } from './plan-ipsec.ts';
import { isReplaced, linkSpec, planLink, planLowMtu } from './plan-link.ts';
import { planPersistence } from './plan-persistence.ts';
import { planRoutes } from './plan-routes.ts';
import { restoreAddresses } from './restore.ts';
import { planReversePath } from './reverse-path.ts';

/**
 * What brings one host to carry its end of a tunnel: modules, protection, link, state, addresses, reverse path filter, routes,
 * sysctls, segment size, files for the next boot, in this order.
 *
 * A link is up before it gets addresses: of one that comes up with an IPv6 peer address, the kernel forgets the route to the
 * peer (net/ipv6/addrconf.c, fixup_permanent_addr). The filter is loose before the peer may send by a route that is new there.
 */
export function planEndpoint(endpoint: Endpoint, observed: ObservedHost, ipsec: IpsecParts): Part {
  const owner = { host: endpoint.host, tunnel: endpoint.tunnel };
  const link = linkSpec(endpoint, aliasOf(endpoint, observed));
  const found = linkOn(observed.links, endpoint.device);
  const kept = found !== undefined && !isReplaced(link, found) ? found : undefined;
  return join([
    planModules(owner, endpoint, observed),
    planPort(owner, endpoint, observed),
    ipsec.before,
    planLink(owner, link, observed),
    planState(owner, endpoint.device, kept),
    planAddresses(owner, endpoint, { found: kept, observed }),
    planReversePath(owner, endpoint, observed),
    planRoutes(owner, endpoint, { observed, kept }),
    found === undefined || kept !== undefined ? NOTHING : planCarriedRoutes(owner, endpoint, { found, observed }),
    planLowMtu(owner, link, { kept, observed }),
    planForwarding(owner, endpoint, observed),
    planClamp(owner, endpoint.device, { wanted: clampFor(endpoint, observed), observed }),
    planPortRelease(owner, parseAlias(found?.alias)?.fouPort, portMarkFor(endpoint, observed)),
    planPersistence(endpoint, observed),
    ipsec.after,
  ]);
}

/** A loaded module stays after a rollback: unloading deletes every tunnel of its kind, whatever its reference count says. */
function planModules(owner: Owner, endpoint: Endpoint, observed: ObservedHost): Part {
  const wanted = modulesOf(endpoint, [familyOf(endpoint.remote)]).filter((module) => observed.modules.get(module)?.state === 'loadable');
  return {
    changes: wanted.map((module) => ({ host: owner.host, action: 'load', object: `module ${module}` })),
    steps: wanted.map((module) => step(owner, `load module ${module}`, { forward: [{ kind: 'load-module', module }], inverse: [] })),
  };
}

/** Taking a link down drops its global IPv6 addresses (net/ipv6/addrconf.c), so the way back writes them again. */
function planState(owner: Owner, device: string, kept: ObservedLink | undefined): Part {
  if (kept?.isUp === true) return NOTHING;
  const lost = kept === undefined ? [] : restoreAddresses(kept).filter((one) => one.kind === 'add-address' && familyOf(one.address.address) === 6);
  return {
    changes:
      kept === undefined
        ? []
        : [{ host: owner.host, action: 'change', object: `link ${device}`, differences: [{ name: 'state', from: 'down', to: 'up' }] }],
    steps: [
      step(owner, `set ${device} up`, {
        forward: [{ kind: 'set-state', device, state: 'up' }],
        inverse: [{ kind: 'set-state', device, state: 'down' }, ...lost],
      }),
    ],
  };
}

function planForwarding(owner: Owner, endpoint: Endpoint, observed: ObservedHost): Part {
  const needed = forwardingSteps(endpoint, observed);
  return {
    changes: needed.map(({ path }) => ({
      host: owner.host,
      action: 'change',
      object: `sysctl ${sysctlName(path)}`,
      differences: [{ name: 'value', from: '0', to: '1' }],
    })),
    steps: needed.map(({ path, inverse }) =>
      step(owner, `set sysctl ${sysctlName(path)} to 1`, { forward: [{ kind: 'set-sysctl', path, value: '1' }], inverse: [inverse] }),
    ),
  };
}

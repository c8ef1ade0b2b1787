import { familyOf } from '../domain/address.ts';
import type { Endpoint } from '../domain/endpoint.ts';
import type { ObservedHost, ObservedLink } from '../domain/observed.ts';
import type { InnerAddress } from '../domain/tunnel.ts';
import { type AddressGroup, exchangeStep, groupsOf, isExchange } from './address-groups.ts';
import { addressText } from './describe.ts';
import { writtenRoutes } from './link-route.ts';
import type { Operation, Step } from './operation.ts';
import { type Owner, type Part, step } from './part.ts';
import { addRoutes, routesLostWith, writtenAddresses } from './restore.ts';

/**
 * Adds the addresses that are missing, exchanges those the kernel will not have side by side, then removes those of our
 * link that are no longer wanted.
 *
 * The identity of an address is (address, length, peer): `ip address replace` would keep both (ip-address(8)).
 * New ones come first, because with the last IPv4 address of a link all its IPv4 routes go (net/ipv4/fib_frontend.c).
 *
 * @param found - the link as it is now, or undefined where it is new or was just deleted
 */
export function planAddresses(owner: Owner, endpoint: Endpoint, { found, observed }: Situation): Part {
  const { device } = endpoint;
  const present = found === undefined ? [] : writtenAddresses(found);
  const groups = groupsOf(present, endpoint.addresses);
  const simple = groups.filter((group) => !isExchange(group));
  const added = groups.flatMap((group) => group.added);
  const removed = groups.flatMap((group) => group.removed);
  const change = (action: 'add' | 'remove') => (address: InnerAddress) =>
    ({ host: owner.host, action, object: `address ${addressText(address)} on ${device}` }) as const;
  // A link that is new has none of the routes that a former one had.
  const work = { owner, device, observed: found === undefined ? { ...observed, routes: [] } : observed, present, wanted: endpoint.addresses };
  return {
    changes: [...added.map(change('add')), ...removed.map(change('remove'))],
    steps: [...addSteps(work, simple), ...groups.filter(isExchange).map((group) => exchangeStep(group, work)), ...removeSteps(work, simple)],
  };
}

interface Situation {
  readonly found: ObservedLink | undefined;
  readonly observed: ObservedHost;
}

interface Work {
  readonly owner: Owner;
  readonly device: string;
  readonly observed: ObservedHost;
  readonly present: readonly InnerAddress[];
  readonly wanted: readonly InnerAddress[];
}

/** Taking the only IPv4 address away again takes the IPv4 routes that were there without one. */
function addSteps({ owner, device, observed, present }: Work, groups: readonly AddressGroup[]): readonly Step[] {
  const added = groups.flatMap((group) => group.added);
  const first = present.some(isIpv4) ? undefined : added.find(isIpv4);
  return added.map((address) =>
    step(owner, `add address ${addressText(address)} to ${device}`, {
      forward: [{ kind: 'add-address', device, address }],
      inverse: [{ kind: 'delete-address', device, address }, ...(address === first ? addRoutes(writtenRoutes(device, observed.routes, 4)) : [])],
    }),
  );
}

/** Secondaries before their primary, which would take them along. */
function removeSteps(work: Work, groups: readonly AddressGroup[]): readonly Step[] {
  const { owner, device, observed, wanted } = work;
  const removed = groups.flatMap((group) => group.removed.toReversed());
  const last = wanted.some(isIpv4) ? undefined : removed.findLast(isIpv4);
  return removed.map((address) => {
    const all = address === last ? writtenRoutes(device, observed.routes, 4) : [];
    return step(owner, `remove address ${addressText(address)} from ${device}`, {
      forward: [{ kind: 'delete-address', device, address }, ...staying(all, work)],
      inverse: [{ kind: 'add-address', device, address }, ...addRoutes([...all, ...routesLostWith([address], observed)])],
    });
  });
}

/** Of the routes that go with the last IPv4 address, those that can be without one are written again at once. */
function staying(routes: Parameters<typeof addRoutes>[0], { present }: Work): readonly Operation[] {
  return addRoutes(routes.filter(({ gateway, source }) => gateway === undefined && !present.some(({ address }) => address === source)));
}

function isIpv4({ address }: InnerAddress): boolean {
  return familyOf(address) === 4;
}

import { networkOf } from '../domain/address.ts';
import type { Endpoint } from '../domain/endpoint.ts';
import type { ObservedAddress, ObservedLink } from '../domain/observed.ts';
import type { InnerAddress } from '../domain/tunnel.ts';
import { addressText } from './describe.ts';
import type { Operation } from './operation.ts';
import { type Owner, type Part, step } from './part.ts';

/**
 * Adds the addresses that are missing, then removes those of our link that are no longer wanted.
 *
 * The identity of an address is (address, length, peer): `ip address replace` would keep both (ip-address(8)).
 * New ones come first, because with the last IPv4 address of a link all its IPv4 routes go (net/ipv4/fib_frontend.c).
 *
 * @param found - the link as it is now, or undefined where it is new or was just deleted
 */
export function planAddresses(owner: Owner, { device, addresses }: Endpoint, found: ObservedLink | undefined): Part {
  const present = found?.addresses ?? [];
  const missing = addresses.filter((wanted) => !present.some((address) => isSame(wanted, address)));
  const surplus = present.filter((address) => !address.isKernelMade && !addresses.some((wanted) => isSame(wanted, address)));
  const promotion = needsPromotion(missing, surplus) ? promote(device) : [];
  const change = (action: 'add' | 'remove') => (address: InnerAddress) =>
    ({ host: owner.host, action, object: `address ${addressText(address)} on ${device}` }) as const;
  return {
    changes: [...missing.map(change('add')), ...surplus.map(change('remove'))],
    steps: [
      ...missing.map((address) => addStep(owner, device, { address, promotion })),
      ...surplus.map((address) =>
        step(owner, `remove address ${addressText(address)} from ${device}`, {
          forward: [{ kind: 'delete-address', device, address }],
          inverse: [{ kind: 'add-address', device, address }],
        }),
      ),
    ],
  };
}

function addStep(owner: Owner, device: string, { address, promotion }: { readonly address: InnerAddress; readonly promotion: readonly Operation[] }) {
  return step(owner, `add address ${addressText(address)} to ${device}`, {
    forward: [...promotion, { kind: 'add-address', device, address }],
    inverse: [{ kind: 'delete-address', device, address }],
  });
}

/** Deleting the first address of a subnet takes the others of it along, unless they are promoted (ip-sysctl.rst). */
function needsPromotion(missing: readonly InnerAddress[], surplus: readonly ObservedAddress[]): boolean {
  return missing.some(
    (added) =>
      added.peer === undefined &&
      surplus.some((gone) => gone.peer === undefined && networkOf(gone.address, gone.length) === networkOf(added.address, added.length)),
  );
}

/** The sysctl is the link's own and dies with it. */
function promote(device: string): readonly Operation[] {
  return [{ kind: 'set-sysctl', path: `net/ipv4/conf/${device}/promote_secondaries`, value: '1' }];
}

function isSame(one: InnerAddress, other: InnerAddress): boolean {
  return one.address === other.address && one.length === other.length && one.peer === other.peer;
}

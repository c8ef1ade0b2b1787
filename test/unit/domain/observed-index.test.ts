import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bitsOf, contains, familyOf, networkOf, overlaps } from '../../../src/domain/address.ts';
import type { ObservedLink, ObservedRoute } from '../../../src/domain/observed.ts';
import { addressesIn, addressesMeeting, linkOn, linksBetween, routesFrom, routesMeeting, routesToward } from '../../../src/domain/observed-index.ts';

/** So few that much of it meets. */
const address = fc.oneof(
  fc.integer({ min: 0, max: 15 }).map((last) => `10.0.0.${last}`),
  fc.integer({ min: 0, max: 15 }).map((last) => `fd00::${(last + 1).toString(16)}`),
);
const within = address.chain((text) => {
  const bits = bitsOf(familyOf(text));
  return fc.record({ address: fc.constant(text), length: fc.oneof(fc.integer({ min: bits - 5, max: bits }), fc.constantFrom(0, 8, bits)) });
});
const device = fc.constantFrom('gre1', 'gre2', 'eth0');
const written = fc.record({ place: within, isKernelMade: fc.boolean(), peer: fc.option(address, { nil: undefined }) });
const links = fc.array(
  fc.record({ device, addresses: fc.array(written, { maxLength: 3 }), local: address, remote: address }).map(
    ({ addresses, local, remote, ...link }): ObservedLink => ({
      ...link,
      isUp: true,
      mtuBytes: 1400,
      attributes: { local, remote },
      addresses: addresses.map(({ place, peer, isKernelMade }) => ({ ...place, isKernelMade, ...(peer === undefined ? {} : { peer }) })),
    }),
  ),
);
const routes = fc.array(
  fc.record({ place: within, device, table: fc.constantFrom(254, 255), source: fc.option(address, { nil: undefined }) }).map(
    ({ place, source, ...route }): ObservedRoute => ({
      ...route,
      to: networkOf(place.address, place.length),
      type: 'unicast',
      metric: 0,
      protocol: 'static',
      isRestorable: true,
      ...(source === undefined ? {} : { source }),
    }),
  ),
);

const lengthOf = (route: ObservedRoute) => Number(route.to.split('/')[1]);

test('finds the first link of a name, and those between two addresses', () => {
  fc.assert(
    fc.property(links, device, address, address, (all, name, local, remote) => {
      expect(linkOn(all, name)).toBe(all.find((link) => link.device === name));
      expect(linksBetween(all, local, remote)).toEqual(all.filter(({ attributes }) => attributes.local === local && attributes.remote === remote));
    }),
  );
});

test('finds the routes that lead to an address as a look at all of them would, the longest prefix first', () => {
  fc.assert(
    fc.property(routes, address, (all, target) => {
      const leading = all.filter(({ to, table }) => table === 254 && contains(to, target));
      expect(routesToward(all, target, 254)).toEqual(leading.toSorted((one, other) => lengthOf(other) - lengthOf(one)));
    }),
  );
});

test('finds the routes that meet a network, and those that carry one of some sources, in their order', () => {
  fc.assert(
    fc.property(routes, within, fc.array(address, { maxLength: 3 }), (all, wanted, sources) => {
      const network = networkOf(wanted.address, wanted.length);
      expect(routesMeeting(all, wanted, 254)).toEqual(all.filter(({ to, table }) => table === 254 && overlaps(to, network)));
      expect(routesFrom(all, ...sources)).toEqual(all.filter(({ source }) => source !== undefined && sources.includes(source)));
    }),
  );
});

test('finds the written addresses in a network, and those that another link cannot have, in their order', () => {
  const isSubnet = (one: { readonly address: string; readonly length: number; readonly peer?: string }) =>
    one.peer === undefined && one.length < bitsOf(familyOf(one.address));
  const subnetOf = (one: { readonly address: string; readonly length: number }) => networkOf(one.address, one.length);
  fc.assert(
    fc.property(links, within, (all, wanted) => {
      const own = all.flatMap((link) => link.addresses.filter(({ isKernelMade }) => !isKernelMade).map((one) => ({ ...one, link })));
      expect(addressesIn(all, subnetOf(wanted))).toEqual(own.filter((one) => contains(subnetOf(wanted), one.address)));
      const meeting = own.filter(
        (one) => one.address === wanted.address || (isSubnet(wanted) && isSubnet(one) && overlaps(subnetOf(wanted), subnetOf(one))),
      );
      expect(addressesMeeting(all, wanted)).toEqual(meeting);
    }),
  );
});

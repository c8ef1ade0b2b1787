import { familyOf, networkOf, rangeOf } from '../../domain/address.ts';
import type { InnerAddress } from '../../domain/tunnel.ts';
import { lineOf, type Problem, problemAt } from '../problem.ts';
import type { Written } from '../tunnels/draft.ts';
import { type EndView, nameOf } from './end-view.ts';
import { type InnerRange, isLinkLocal } from './inner-ranges.ts';
import type { Check } from './landscape.ts';
import { unusable } from './unusable.ts';

/** Loopback, multicast, and the two addresses of an IPv4 subnet that are nobody's. */
export const checkInnerAddresses: Check = ({ tunnels }, report) => {
  for (const { value, at } of tunnels.flatMap(({ ends }) => ends.flatMap((end) => end.addresses))) {
    const what = unusable(value.address) ?? nobodys(value);
    if (what === undefined) continue;
    const message = `${value.address} is ${what}, which cannot be an inner address`;
    report(problemAt(at, { code: 'inventory.unusable-address', message, hint: 'Choose an address of a network that is free on both hosts.' }));
  }
};

function nobodys({ address, length, peer }: InnerAddress): string | undefined {
  if (peer !== undefined || length > 30 || familyOf(address) === 6) return undefined;
  const network = networkOf(address, length);
  const [{ first, last }, own] = [rangeOf(network), rangeOf(address).first];
  if (own === first) return `the network address of ${network}`;
  return own === last ? `the broadcast address of ${network}` : undefined;
}

/** An address is on one device of a host, and at one end of a tunnel. */
export const checkDuplicateAddresses: Check = ({ endsByHost, tunnels }, report) => {
  for (const [host, views] of endsByHost) {
    const seen = new Map<string, Written<InnerAddress>>();
    for (const written of views.flatMap(({ end }) => end.addresses).filter(({ value }) => !isLinkLocal(value.address))) {
      const first = seen.get(written.value.address);
      if (first === undefined) seen.set(written.value.address, written);
      else report(problemAt(written.at, duplicate(`${host} has the inner address ${written.value.address} already (${lineOf(first.at)})`)));
    }
  }
  for (const { ends, name } of tunnels) {
    const first = new Set(ends[0].addresses.map(({ value }) => value.address));
    for (const { value, at } of ends[1].addresses.filter(({ value: own }) => first.has(own.address))) {
      report(problemAt(at, duplicate(`both ends of tunnel ${name} have the inner address ${value.address}`)));
    }
  }
};

function duplicate(message: string): Problem {
  return { code: 'inventory.duplicate-address', message, hint: 'Give each end of each tunnel an address of its own.' };
}

/**
 * What two tunnels of one host cover must not meet: packets would go into whichever the kernel finds first.
 *
 * Sorted by first address, a range meets an earlier one exactly when it meets the one that reaches furthest.
 */
export const checkOverlaps: Check = ({ innerByHost }, report) => {
  for (const ranges of innerByHost.values()) {
    let furthest: InnerRange | undefined;
    const said = new Set<Written<InnerAddress>>();
    for (const range of ranges) {
      const meets = furthest !== undefined && furthest.family === range.family && range.first <= furthest.last;
      if (furthest !== undefined && meets && !said.has(range.written) && !isSaidElsewhere(furthest, range)) {
        said.add(range.written);
        report(problemAt(range.written.at, overlap(range, furthest)));
      }
      if (!meets || furthest === undefined || range.last > furthest.last) furthest = range;
    }
  }
};

/** One device may cover a network twice; an address given twice is reported as that. */
function isSaidElsewhere(one: InnerRange, other: InnerRange): boolean {
  if (one.view.end === other.view.end) return true;
  if (one.written.value.address === other.written.value.address) return true;
  return one.isPeer && other.isPeer && one.text === other.text && hostOf(one.view) === hostOf(other.view);
}

function hostOf({ peer }: EndView): string {
  return peer.host.value;
}

function overlap(range: InnerRange, earlier: InnerRange): Problem {
  const message = `${nameOf(range.view)}: ${range.text} overlaps ${earlier.text} of tunnel ${earlier.view.tunnel.name} (${lineOf(earlier.written.at)})`;
  return { code: 'inventory.overlapping-address', message, hint: 'Choose inner networks that do not meet, or smaller ones.' };
}

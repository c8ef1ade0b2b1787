import { bitsOf, type Family, familyOf, type IpAddress, networkOf, type Prefix } from './address.ts';

/**
 * Remembers what was made of a thing as long as there is the thing, which must not change meanwhile.
 *
 * A host of thousands of tunnels is looked at once for each of them, and all of them look at the same lists.
 */
export function onceFor<Of extends object, Made>(make: (of: Of) => Made): (of: Of) => Made {
  const known = new WeakMap<Of, Made>();
  return (of) => {
    const before = known.get(of);
    if (before !== undefined) return before;
    const made = make(of);
    known.set(of, made);
    return made;
  };
}

/** What belongs to each key, found in one pass; in its order. */
export function grouped<One>(all: Iterable<One>, keysOf: (one: One) => readonly string[]): ReadonlyMap<string, readonly One[]> {
  const found = new Map<string, One[]>();
  for (const one of all) {
    for (const key of new Set(keysOf(one))) {
      const own = found.get(key);
      if (own === undefined) found.set(key, [one]);
      else own.push(one);
    }
  }
  return found;
}

/** Finds what has one of the keys, in the order of the list, which is read at the first question only. */
export function indexed<One extends object>(
  keysOf: (one: One) => readonly string[],
): (all: readonly One[], ...keys: readonly string[]) => readonly One[] {
  const index = onceFor((all: readonly One[]) => grouped(all, keysOf));
  return (all, ...keys) => {
    const [first = [], ...others] = keys.map((key) => index(all).get(key) ?? []);
    return others.length === 0 ? first : inOrder(all, [first, ...others].flat());
  };
}

const placesOf = onceFor((all: readonly object[]) => new Map(all.map((one, place) => [one, place])));

/** Each once, in the order of the list they are from. */
export function inOrder<One extends object>(all: readonly One[], some: readonly One[]): readonly One[] {
  if (some.length < 2) return some;
  const places = placesOf(all);
  const placeOf = (one: One) => places.get(one) ?? -1;
  return [...new Set(some)].toSorted((one, other) => placeOf(one) - placeOf(other));
}

interface Placed {
  readonly network: IpAddress | Prefix;
  /** Only what is in the same realm is found together. */
  readonly realm?: string | number;
}

/** Finds what holds an address, or lies in a network, of what has a network itself. */
interface NetworkIndex<One> {
  /** The longest prefix first. */
  around(all: readonly One[], address: IpAddress, realm?: Placed['realm']): readonly One[];
  within(all: readonly One[], network: Prefix, realm?: Placed['realm']): readonly One[];
}

const MOST_BITS = bitsOf(6);

export function indexedByNetwork<One extends object>(placeOf: (one: One) => Placed): NetworkIndex<One> {
  const shortened = (one: One, to: (length: number) => number): readonly string[] => {
    const { network, realm } = placeOf(one);
    const [own, wanted] = [lengthOf(network), to(lengthOf(network))];
    return wanted > own ? [] : [keyOf(realm, networkOf(network.split('/')[0] ?? '', wanted))];
  };
  const holders = indexed((one: One) => shortened(one, (length) => length));
  const inside = Array.from({ length: MOST_BITS + 1 }, (_, wanted) => indexed((one: One) => shortened(one, () => wanted)));
  // Only lengths that occur are looked for, of the 129 there are.
  const lengths = onceFor((all: readonly One[]) => {
    const places = grouped(all.map(placeOf), ({ network, realm }) => [keyOf(realm, familyOf(network))]);
    return new Map([...places].map(([key, own]) => [key, [...new Set(own.map(({ network }) => lengthOf(network)))].toSorted((a, b) => b - a)]));
  });
  return {
    around: (all, address, realm) =>
      (lengths(all).get(keyOf(realm, familyOf(address))) ?? []).flatMap((length) => holders(all, keyOf(realm, networkOf(address, length)))),
    within: (all, network, realm) => inside[lengthOf(network)]?.(all, keyOf(realm, network)) ?? [],
  };
}

function keyOf(realm: Placed['realm'], place: Family | Prefix): string {
  return `${realm} ${place}`;
}

/** Of a single address, all its bits. */
export function lengthOf(text: IpAddress | Prefix): number {
  const length = text.split('/')[1];
  return length === undefined ? bitsOf(familyOf(text)) : Number(length);
}

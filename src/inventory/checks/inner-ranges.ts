import { type AddressRange, familyOf, type IpAddress, networkOf, type Prefix, rangeOf } from '../../domain/address.ts';
import type { InnerAddress } from '../../domain/tunnel.ts';
import type { Written } from '../tunnels/draft.ts';
import type { EndView } from './end-view.ts';

/** Addresses that one inner address makes its host send into the tunnel, or keep for itself. */
export interface InnerRange extends AddressRange {
  readonly view: EndView;
  readonly written: Written<InnerAddress>;
  /** `10.1.2.0/24`, or one address. */
  readonly text: IpAddress | Prefix;
  readonly isPeer: boolean;
}

/** What the inner addresses of one host cover, sorted by family and first address; link-local ones left out. */
export function innerRanges(views: readonly EndView[]): readonly InnerRange[] {
  const ranges = views.flatMap((view) => view.end.addresses.flatMap((written) => rangesOf(view, written)));
  return ranges.sort((one, other) => one.family - other.family || compare(one.first, other.first) || compare(other.last, one.last));
}

/** fe80::/10: every link has these, so they may be the same on all of them (RFC 4291 section 2.5.6). */
export function isLinkLocal(address: IpAddress): boolean {
  return /^fe[89ab].:/.test(address);
}

function rangesOf(view: EndView, written: Written<InnerAddress>): readonly InnerRange[] {
  const { address, length, peer } = written.value;
  if (isLinkLocal(address)) return [];
  const own = peer === undefined ? networkOf(address, length) : address;
  const range = (text: string, isPeer: boolean): InnerRange => ({ ...rangeOf(text), view, written, text, isPeer });
  return peer === undefined || familyOf(peer) !== familyOf(address) ? [range(own, false)] : [range(own, false), range(peer, true)];
}

export function compare(one: bigint, other: bigint): number {
  return Number(one > other) - Number(one < other);
}

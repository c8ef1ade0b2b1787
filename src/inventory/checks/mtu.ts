import { familyOf } from '../../domain/address.ts';
import { problemAt } from '../problem.ts';
import type { EndDraft } from '../tunnels/draft.ts';
import type { Check } from './landscape.ts';

/** RFC 8200 section 5: a link below 1280 bytes carries no IPv6, and Linux removes the addresses without a word. */
const IPV6_MINIMUM_MTU_BYTES = 1280;

export const checkMtu: Check = ({ tunnels }, report) => {
  for (const { mtuBytes, ends, name } of tunnels) {
    if (mtuBytes === undefined || mtuBytes.value >= IPV6_MINIMUM_MTU_BYTES || !ends.some(carriesIpv6)) continue;
    const message = `tunnel ${name} carries IPv6 and has an mtu of ${mtuBytes.value}, below the ${IPV6_MINIMUM_MTU_BYTES} bytes IPv6 needs`;
    report(
      problemAt(mtuBytes.at, { code: 'inventory.mtu-below-ipv6', message, hint: 'Write 1280 or more, or remove the IPv6 addresses and routes.' }),
    );
  }
};

function carriesIpv6({ addresses, networks, routes }: EndDraft): boolean {
  const inside = [...addresses.map(({ value }) => value.address), ...networks.map(({ value }) => value), ...routes.map(({ value }) => value.to)];
  return inside.some((text) => familyOf(text) === 6);
}

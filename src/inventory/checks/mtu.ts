import { familyOf } from '../../domain/address.ts';
import { optionsOf } from '../../domain/tunnel.ts';
import { mostMtuOf } from '../../modes/layers.ts';
import { LEAST_IPV6_MTU_BYTES } from '../../modes/sizes.ts';
import { problemAt } from '../problem.ts';
import type { EndDraft } from '../tunnels/draft.ts';
import type { Check } from './landscape.ts';

/** A link below the least MTU of IPv6 carries none, and Linux removes the addresses without a word. */
export const checkMtu: Check = ({ tunnels }, report) => {
  for (const { mtuBytes, ends, name } of tunnels) {
    if (mtuBytes === undefined || mtuBytes.value >= LEAST_IPV6_MTU_BYTES || !ends.some(carriesIpv6)) continue;
    const message = `tunnel ${name} carries IPv6 and has an mtu of ${mtuBytes.value}, below the ${LEAST_IPV6_MTU_BYTES} bytes IPv6 needs`;
    report(
      problemAt(mtuBytes.at, { code: 'inventory.mtu-below-ipv6', message, hint: 'Write 1280 or more, or remove the IPv6 addresses and routes.' }),
    );
  }
};

/** The kernel makes a device smaller without a word, or refuses it, where a packet of its MTU would not fit into an outer one. */
export const checkLargestMtu: Check = ({ endsByHost }, report) => {
  for (const { tunnel, end, peer, local, remote } of [...endsByHost.values()].flat()) {
    const { mtuBytes, mode, name } = tunnel;
    const outer = remote ?? local ?? (mode.underlay[0] === 4 ? '0.0.0.0' : '::');
    const most = mostMtuOf(mode, {
      ...optionsOf(tunnel),
      ...(peer.ikey === undefined ? {} : { okey: peer.ikey }),
      ...(tunnel.encap === undefined ? {} : { encap: { type: tunnel.encap.type, sourcePort: 0, destinationPort: 0 } }),
      remote: outer,
    });
    const isReported = (mtuBytes?.value ?? 0) > mode.mostMtu({ remote: outer });
    if (mtuBytes === undefined || mtuBytes.value <= most || isReported || end !== tunnel.ends[0]) continue;
    const message = `tunnel ${name} has an mtu of ${mtuBytes.value}, and with these fields a device of mode ${mode.name} has ${most} at most`;
    report(problemAt(mtuBytes.at, { code: 'inventory.mtu-too-large', message, hint: `Write ${most} or less, or auto.` }));
  }
};

function carriesIpv6({ addresses, networks, routes }: EndDraft): boolean {
  const inside = [...addresses.map(({ value }) => value.address), ...networks.map(({ value }) => value), ...routes.map(({ value }) => value.to)];
  return inside.some((text) => familyOf(text) === 6);
}

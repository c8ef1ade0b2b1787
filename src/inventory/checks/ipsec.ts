import { optionsOf } from '../../domain/tunnel.ts';
import { wouldMeet } from '../../modes/outer-protocols.ts';
import { lineOf, problemAt } from '../problem.ts';
import type { TunnelDraft } from '../tunnels/draft.ts';
import type { EndView } from './end-view.ts';
import { FirstOfEachSort } from './first-of-each-sort.ts';
import type { Check } from './landscape.ts';

/** Between two addresses, what is encrypted is told from what is not by its protocol alone. */
export const checkIpsecPaths: Check = ({ endsByHost }, report) => {
  const told = new Set<string>();
  for (const views of endsByHost.values()) {
    const firsts = new FirstOfEachSort();
    for (const later of views) {
      const path = `${later.peer.host.value} ${later.local} ${later.remote}`;
      const sort = `${protocolsOf(later).map(({ protocol, port }) => `${protocol}:${port}`)} ${later.tunnel.ipsec === true}`;
      const earlier = firsts.before(later, { path, sort }).find((one) => isShared(one, later));
      if (earlier === undefined || told.has(later.tunnel.name)) continue;
      told.add(later.tunnel.name);
      const message = `tunnel ${later.tunnel.name} goes between the same outer addresses as ${earlier.tunnel.name} (${lineOf(earlier.tunnel.at)}), and IPsec could not tell their packets apart`;
      const hint = 'Give one of them other outer addresses, or a mode of another protocol; or let one tunnel carry it all.';
      report(problemAt(later.tunnel.at, { code: 'inventory.ipsec-shared', message, hint }));
    }
  }
};

function isShared(one: EndView, other: EndView): boolean {
  return (one.tunnel.ipsec === true || other.tunnel.ipsec === true) && wouldMeet(protocolsOf(one), protocolsOf(other));
}

function protocolsOf({ tunnel }: EndView) {
  return tunnel.mode.protocols(optionsOf(tunnel));
}

/** What a tunnel with `ipsec` must have, and what it cannot have. */
export const checkIpsecFields: Check = ({ tunnels }, report) => {
  for (const tunnel of tunnels) {
    if (tunnel.ipsec !== true) continue;
    for (const { field, message, hint } of faultsOf(tunnel)) {
      const at = tunnel.fields.get(field) ?? tunnel.at;
      report(problemAt(at, { code: 'inventory.fields-disagree', message: `tunnel ${tunnel.name} ${message}`, hint }));
    }
  }
};

function faultsOf({ mode, ends, persist, fields }: TunnelDraft) {
  const isDevice = mode.protocols({}).length === 0;
  return [
    {
      isThere: isDevice && ends.some(({ ikey }) => ikey === undefined || ikey === 0),
      field: 'ipsec',
      message: `has ipsec without a key, and its policies would be for everything the host sends`,
      hint: `Add «key: 42», or any other number: it is the mark of what the device carries.`,
    },
    {
      isThere: persist !== undefined,
      field: 'persist',
      message: 'has ipsec and persist: keys are drawn for each run and never written down, so after a reboot it would carry nothing',
      hint: 'Leave persist out, and run `tunorch up` again after a reboot. Where keys must survive it, have strongSwan protect the tunnel: without persist, `tunorch inventory --swanctl HOST` prints the swanctl.conf of each end; then leave ipsec out and write persist again.',
    },
    {
      isThere: fields.has('encap'),
      field: 'encap',
      message: 'has ipsec and encap, and ESP does not cross a NAT that translates ports',
      hint: 'Leave one of them out; across such a NAT, protect the tunnel with strongSwan.',
    },
  ].filter(({ isThere }) => isThere);
}

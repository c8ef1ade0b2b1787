import type { IpAddress } from '../../domain/address.ts';
import { shadowOf } from '../../modes/index.ts';
import { lineOf, problemAt } from '../problem.ts';
import type { Written } from '../tunnels/draft.ts';
import { type EndView, nameOf } from './end-view.ts';
import { FirstOfEachSort } from './first-of-each-sort.ts';
import type { Check } from './landscape.ts';
import { unusable } from './unusable.ts';

/** The kernel accepts loopback and multicast as outer addresses without a word (KERNEL: `ip link add` checks none of it). */
export const checkOuterAddresses: Check = ({ tunnels }, report) => {
  const outer = tunnels.flatMap(({ ends }) => ends.flatMap((end) => [end.local, end.public]));
  for (const written of outer.filter((one): one is Written<IpAddress> => one !== undefined)) {
    const what = unusable(written.value);
    if (what === undefined) continue;
    const message = `${written.value} is ${what}, which cannot be an outer address`;
    report(problemAt(written.at, { code: 'inventory.unusable-address', message, hint: 'Write the address by which the peer reaches this host.' }));
  }
};

/** A tunnel to oneself is accepted by the kernel as well. */
export const checkLocalIsNotRemote: Check = ({ endsByHost }, report) => {
  const views = [...endsByHost.values()].flat();
  for (const { tunnel, end, peer, local } of views) {
    const remote = peer.public ?? peer.local;
    if (end.local === undefined || remote === undefined || local !== remote.value) continue;
    // Said once a tunnel, at its second end.
    if (peer.public === undefined && end.public === undefined && end === tunnel.ends[0]) continue;
    const message = `tunnel ${tunnel.name} has ${local} as local and as remote address on ${end.host.value}`;
    report(
      problemAt(end.local.at, { code: 'inventory.local-is-remote', message, hint: 'Write the outer address of each host at its own endpoint.' }),
    );
  }
};

/** Two tunnels of one identity: the kernel refuses the second with «File exists». */
export const checkIdentities: Check = ({ endsByHost }, report) => {
  for (const views of endsByHost.values()) {
    const seen = new Map<string, EndView>();
    for (const view of views) {
      const identity = identityOf(view);
      const first = seen.get(identity);
      if (first === undefined) seen.set(identity, view);
      else report(problemAt(view.end.host.at, duplicateIdentity(view, first)));
    }
  }
};

function duplicateIdentity(view: EndView, first: EndView) {
  const { mode } = view.tunnel;
  const same = `${mode.toldApartBy.slice(0, -1).join(', ')} and ${mode.toldApartBy.at(-1)}`;
  const message = `${nameOf(view)} is the same to the kernel as tunnel ${first.tunnel.name} (${lineOf(first.end.host.at)}): mode ${mode.name} with the same ${same}`;
  const own = ['key', 'vni'].find((field) => mode.toldApartBy.includes(field));
  const hint =
    own === undefined
      ? `Mode ${mode.name} tells its tunnels apart by their addresses alone: only one can join two of them. Use ${mode.underlay[0] === 4 ? 'gre' : 'ip6gre'} with keys.`
      : `Give each tunnel between these hosts its own «${own}».`;
  return { code: 'inventory.duplicate-identity', message, hint } as const;
}

/** Two modes of which one gets the packets of both, where they join the same addresses. */
export const checkShadows: Check = ({ endsByHost }, report) => {
  for (const views of endsByHost.values()) {
    const firsts = new FirstOfEachSort();
    for (const view of views) {
      const first = firsts.before(view, { path: outerOf(view).join(), sort: view.tunnel.mode.name }).find((other) => shadowBetween(other, view));
      if (first === undefined) continue;
      const message = `${nameOf(view)} joins the addresses that tunnel ${first.tunnel.name} joins (${lineOf(first.end.host.at)}), and of ${first.tunnel.mode.name} and ${view.tunnel.mode.name} the kernel lets ${shadowBetween(first, view)} get the other’s packets and drop them`;
      const hint = 'Give one of them other outer addresses, or use a mode with GRE beside it.';
      report(problemAt(view.end.host.at, { code: 'inventory.duplicate-identity', message, hint }));
    }
  }
};

function shadowBetween(one: EndView, other: EndView) {
  return shadowOf(one.tunnel.mode.name, other.tunnel.mode.name);
}

/** A local address that only the host knows is the same for all tunnels to one peer. */
function outerOf({ peer, local, remote }: EndView): readonly [string, string] {
  return [local ?? `towards ${remote ?? peer.host.value}`, remote ?? peer.host.value];
}

function identityOf(view: EndView): string {
  const { ikey, dev } = view.end;
  const { vni, port, mode } = view.tunnel;
  const [local, remote] = outerOf(view);
  return mode.identity({
    local,
    remote,
    ...(ikey === undefined ? {} : { ikey }),
    ...(dev === undefined ? {} : { dev: dev.value }),
    ...(vni === undefined ? {} : { vni }),
    ...(port === undefined ? {} : { port }),
  });
}

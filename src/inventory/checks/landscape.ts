import { type IpAddress, parseAddress } from '../../domain/address.ts';
import type { Host } from '../../domain/host.ts';
import type { Report } from '../problem.ts';
import type { EndDraft, TunnelDraft } from '../tunnels/draft.ts';
import type { EndView } from './end-view.ts';
import { type InnerRange, innerRanges } from './inner-ranges.ts';
import { unusable } from './unusable.ts';

/** What the checks look at. */
export interface Landscape extends Declarations {
  /** Ends by host, tunnels that are to be absent left out. */
  readonly endsByHost: ReadonlyMap<string, readonly EndView[]>;
  /** What the inner addresses of each host cover. */
  readonly innerByHost: ReadonlyMap<string, readonly InnerRange[]>;
  /** The address tunorch connects to, where the inventory gives one. */
  readonly sshByHost: ReadonlyMap<string, IpAddress>;
}

export interface Declarations {
  readonly tunnels: readonly TunnelDraft[];
  readonly hosts: ReadonlyMap<string, Host>;
  readonly groupNames: ReadonlySet<string>;
}

/** Judges one matter over the whole inventory. */
export type Check = (landscape: Landscape, report: Report) => void;

export function landscapeOf(declarations: Declarations): Landscape {
  const sshByHost = sshAddresses(declarations.hosts);
  const endsByHost = new Map<string, EndView[]>();
  for (const tunnel of declarations.tunnels) {
    if (tunnel.state === 'absent') continue;
    for (const view of viewsOf(tunnel, sshByHost)) {
      const views = endsByHost.get(view.end.host.value) ?? [];
      views.push(view);
      endsByHost.set(view.end.host.value, views);
    }
  }
  const innerByHost = new Map([...endsByHost].map(([host, views]) => [host, innerRanges(views)]));
  return { ...declarations, endsByHost, innerByHost, sshByHost };
}

/** A forwarded port on loopback is no address of the host. */
function sshAddresses(hosts: ReadonlyMap<string, Host>): ReadonlyMap<string, IpAddress> {
  const addresses = [...hosts.values()].flatMap(({ name, connection }): readonly (readonly [string, IpAddress])[] => {
    const address = parseAddress(connection.host ?? name);
    return address === undefined || unusable(address) !== undefined ? [] : [[name, address]];
  });
  return new Map(addresses);
}

function viewsOf(tunnel: TunnelDraft, sshByHost: ReadonlyMap<string, IpAddress>): readonly EndView[] {
  const [first, second] = tunnel.ends;
  const view = (end: EndDraft, peer: EndDraft): EndView => ({ tunnel, end, peer, local: end.local?.value, remote: outerOf(peer, sshByHost) });
  return [view(first, second), view(second, first)];
}

/** Where a host is sent to: the address it has outside a NAT, its own, or the one it is managed by. */
function outerOf(end: EndDraft, sshByHost: ReadonlyMap<string, IpAddress>): IpAddress | undefined {
  return end.public?.value ?? end.local?.value ?? sshByHost.get(end.host.value);
}

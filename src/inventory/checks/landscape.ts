import { type IpAddress, parseAddress } from '../../domain/address.ts';
import type { Host } from '../../domain/host.ts';
import type { Report } from '../problem.ts';
import type { EndDraft, TunnelDraft } from '../tunnels/draft.ts';

/** What the checks look at. */
export interface Landscape {
  readonly tunnels: readonly TunnelDraft[];
  readonly hosts: ReadonlyMap<string, Host>;
  readonly groupNames: ReadonlySet<string>;
  /** Ends by host, tunnels that are to be absent left out. */
  readonly endsByHost: ReadonlyMap<string, readonly EndView[]>;
}

/** One end as its host sees it, as far as the inventory can tell. */
export interface EndView {
  readonly tunnel: TunnelDraft;
  readonly end: EndDraft;
  readonly peer: EndDraft;
  /** Undefined: the address of the route to the peer, which only the host knows. */
  readonly local: IpAddress | undefined;
  readonly remote: IpAddress | undefined;
}

/** Judges one matter over the whole inventory. */
export type Check = (landscape: Landscape, report: Report) => void;

export interface Declarations {
  readonly tunnels: readonly TunnelDraft[];
  readonly hosts: ReadonlyMap<string, Host>;
  readonly groupNames: ReadonlySet<string>;
}

export function landscapeOf(declarations: Declarations): Landscape {
  const endsByHost = new Map<string, EndView[]>();
  for (const tunnel of declarations.tunnels) {
    if (tunnel.state === 'absent') continue;
    for (const view of viewsOf(tunnel, declarations.hosts)) {
      const views = endsByHost.get(view.end.host.value) ?? [];
      views.push(view);
      endsByHost.set(view.end.host.value, views);
    }
  }
  return { ...declarations, endsByHost };
}

/** The address tunorch connects to, where the inventory gives one. */
export function sshAddressOf(host: Host | undefined): IpAddress | undefined {
  return host === undefined ? undefined : parseAddress(host.connection.host ?? host.name);
}

/** `router-a of tunnel gre1` */
export function nameOf({ tunnel, end }: EndView): string {
  return `${end.host.value} of tunnel ${tunnel.name}`;
}

export function viewsOf(tunnel: TunnelDraft, hosts: ReadonlyMap<string, Host>): readonly EndView[] {
  const [first, second] = tunnel.ends;
  const view = (end: EndDraft, peer: EndDraft): EndView => ({ tunnel, end, peer, local: end.local?.value, remote: outerOf(peer, hosts) });
  return [view(first, second), view(second, first)];
}

/** Where a host is sent to: the address it has outside a NAT, its own, or the one it is managed by. */
function outerOf(end: EndDraft, hosts: ReadonlyMap<string, Host>): IpAddress | undefined {
  return end.public?.value ?? end.local?.value ?? sshAddressOf(hosts.get(end.host.value));
}

import type { IpAddress } from '../../domain/address.ts';
import type { EndDraft, TunnelDraft } from '../tunnels/draft.ts';

/** One end as its host sees it, as far as the inventory can tell. */
export interface EndView {
  readonly tunnel: TunnelDraft;
  readonly end: EndDraft;
  readonly peer: EndDraft;
  /** Undefined: the address of the route to the peer, which only the host knows. */
  readonly local: IpAddress | undefined;
  readonly remote: IpAddress | undefined;
}

/** `router-a of tunnel gre1` */
export function nameOf({ tunnel, end }: EndView): string {
  return `${end.host.value} of tunnel ${tunnel.name}`;
}

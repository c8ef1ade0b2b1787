import type { Tunnel } from '../domain/tunnel.ts';
import type { TunnelSummary } from './events.ts';

/** A tunnel in the words of the first event. */
export function summaryOf({ name, mode, endpoints }: Tunnel): TunnelSummary {
  const [first, second] = endpoints;
  const keys = [...new Set([first.ikey, second.ikey].filter((key) => key !== undefined))];
  return { name, mode, ...(keys.length === 0 ? {} : { key: keys.join('/') }), hosts: [first.host, second.host] };
}

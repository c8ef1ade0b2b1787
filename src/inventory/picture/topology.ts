import type { Tunnel } from '../../domain/tunnel.ts';

/** How a tunnel was found, where somebody looked. */
export type Health = 'good' | 'poor' | 'bad' | 'unknown';

export interface Edge {
  readonly tunnel: string;
  readonly label: string;
  readonly from: string;
  readonly to: string;
  readonly health: Health;
}

/** Hosts that have tunnels, and the tunnels between them. */
export interface Topology {
  readonly hosts: readonly string[];
  readonly edges: readonly Edge[];
}

/** Colours that are told apart on white and on black, and by most who do not see all colours. */
export const HEALTH_COLOURS: Readonly<Record<Health, string>> = { good: '#2e8b57', poor: '#c77700', bad: '#c0392b', unknown: '#7f8c8d' };

/** @param healthOf - by tunnel; left out or undefined: nobody looked */
export function topologyOf(tunnels: readonly Tunnel[], healthOf: (tunnel: string) => Health = () => 'unknown'): Topology {
  const present = tunnels.filter(({ state }) => state === 'present');
  const edges = present.map(({ name, mode, endpoints: [one, other] }) => ({
    tunnel: name,
    label: `${name} (${mode})`,
    from: one.host,
    to: other.host,
    health: healthOf(name),
  }));
  return { hosts: [...new Set(edges.flatMap(({ from, to }) => [from, to]))], edges };
}

const OUTCOMES: Readonly<Record<string, Health>> = { ok: 'good', changed: 'good', degraded: 'poor', pending: 'poor' };

/** Health by tunnel, from the events of a run (`verify -o json`); a line that is none says nothing. */
export function healthFrom(events: string): (tunnel: string) => Health {
  const found = new Map<string, Health>();
  for (const line of events.split('\n')) {
    const recap = recapIn(line);
    if (recap !== undefined) found.set(recap.tunnel, OUTCOMES[recap.outcome] ?? 'bad');
  }
  return (tunnel) => found.get(tunnel) ?? 'unknown';
}

function recapIn(line: string): { readonly tunnel: string; readonly outcome: string } | undefined {
  if (!line.includes('"tunnel-finished"')) return undefined;
  try {
    const { recap } = JSON.parse(line) as { readonly recap?: { readonly tunnel: string; readonly outcome: string } };
    return recap;
  } catch {
    return undefined;
  }
}

import type { ObservedHost } from '../domain/observed.ts';
import type { ModeName, Tunnel, TunnelEnd } from '../domain/tunnel.ts';
import { parseAlias } from './ownership.ts';

/** A tunnel that carries tunorch's mark on some hosts, and that the inventory does not have any more. */
export interface Stray {
  readonly name: string;
  /** One or two hosts; more only where somebody copied marks. */
  readonly ends: readonly { readonly host: string; readonly device: string }[];
  readonly tunnel: Tunnel;
}

/** Finds what earlier runs made on these hosts under names that nobody declares now. */
export function findStrays(hosts: ReadonlyMap<string, ObservedHost>, declared: ReadonlySet<string>): readonly Stray[] {
  const found = new Map<string, MarkedEnd[]>();
  for (const { host, links } of hosts.values()) {
    for (const { device, alias, mode } of links) {
      const name = parseAlias(alias)?.tunnel;
      if (name === undefined || declared.has(name) || mode === undefined) continue;
      found.set(name, [...(found.get(name) ?? []), { host, device, mode }]);
    }
  }
  return [...found].flatMap(([name, ends]) => strayOf(name, ends));
}

interface MarkedEnd {
  readonly host: string;
  readonly device: string;
  readonly mode: ModeName;
}

function strayOf(name: string, ends: readonly MarkedEnd[]): readonly Stray[] {
  const [first, second = first] = ends;
  if (first === undefined || second === undefined) return [];
  const endpoints = [bareEnd(first), bareEnd(second)] as const;
  return [{ name, ends, tunnel: { name, mode: first.mode, ttl: 'inherit', state: 'absent', tags: [], verify: NO_RULES, endpoints } }];
}

/** Nothing is sent through a tunnel that is being removed. */
const NO_RULES = { count: 1, intervalSeconds: 1, maxLossPercent: 100 } as const;

function bareEnd({ host, device }: { readonly host: string; readonly device: string }): TunnelEnd {
  return { host, device, addresses: [], networks: [], routes: [], forwarding: false };
}

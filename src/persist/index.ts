import type { Endpoint } from '../domain/endpoint.ts';
import type { BackEndName, ObservedPersistence, StoredFile } from '../domain/persistence.ts';
import type { BackEnd, PersistedEnd } from './back-end.ts';
import { bootSettings } from './boot-settings.ts';
import { ifupdown } from './ifupdown.ts';
import { netplan } from './netplan.ts';
import { networkd } from './networkd.ts';
import { networkmanager } from './networkmanager.ts';
import { systemd } from './systemd.ts';

/** The registry: one line a back end; those that can express everything come first, for `auto` to fall back on. */
export const backEnds: ReadonlyMap<BackEndName, BackEnd> = new Map(
  [systemd, ifupdown, networkd, netplan, networkmanager].map((backEnd) => [backEnd.name, backEnd]),
);

/** Those whose files brought tunnels back after a real reboot (`test/long/persistence.test.ts`); `auto` takes no other. */
const PROVED: ReadonlySet<BackEndName> = new Set(['systemd', 'networkd', 'ifupdown']);

/** What a host has, and the link that a tunnel goes over there, where it is known. */
export type PersistenceOf = ObservedPersistence & { readonly underlay: string | undefined };

/**
 * The one that is asked for, where it runs.
 *
 * For `auto` that which brought up the link below the tunnel, where it is proved and can express the tunnel; else the first that runs and can.
 */
export function chosenBackEnd(endpoint: Endpoint, host: PersistenceOf): BackEnd | undefined {
  const { persist } = endpoint;
  const running = [...backEnds.values()].filter(({ name }) => host.backEnds.has(name));
  if (persist !== 'auto') return running.find(({ name }) => name === persist);
  const keeper = host.underlay === undefined ? undefined : host.keepers.get(host.underlay);
  const able = running.filter((backEnd) => PROVED.has(backEnd.name) && whyNot(backEnd, endpoint, host) === undefined);
  return able.find(({ name }) => name === keeper) ?? able[0];
}

/** What stands against a back end that runs there. */
export type PersistFault =
  | { readonly kind: 'obstacle'; readonly obstacle: BackEnd['needs'][number] }
  | { readonly kind: 'inexpressible'; readonly fields: readonly string[] };

export function whyNot({ needs, inexpressible }: BackEnd, endpoint: Endpoint, { obstacles }: ObservedPersistence): PersistFault | undefined {
  const obstacle = needs.find((need) => obstacles.has(need));
  if (obstacle !== undefined) return { kind: 'obstacle', obstacle };
  const fields = inexpressible?.(endpoint) ?? [];
  return fields.length === 0 ? undefined : { kind: 'inexpressible', fields };
}

/** Everything that brings one end back at boot, in the order it is placed: what starts it comes last. */
export function filesOf(backEnd: BackEnd, end: PersistedEnd): readonly StoredFile[] {
  return [...bootSettings(end), ...backEnd.files(end)];
}

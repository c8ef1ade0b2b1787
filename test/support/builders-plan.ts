import type { ObservedHost } from '../../src/domain/observed.ts';
import type { Tunnel } from '../../src/domain/tunnel.ts';
import { type Observation, planAbsence, planPresence, type TunnelPlan } from '../../src/plan/plan-tunnel.ts';
import { aKernel, type KernelFields } from './builders-kernel.ts';
import { keysFor } from './builders-keys.ts';
import type { FakeKernel } from './fake-kernel.ts';
import { observeFor } from './fake-kernel-observe.ts';

/** What router-a is like; router-b has nothing but its link. */
export interface PairFields {
  readonly first?: KernelFields;
  readonly second?: KernelFields;
  /** Changes what is observed of router-a. */
  readonly adjust?: (observed: ObservedHost) => ObservedHost;
  readonly foreignDevices?: Observation['foreignDevices'];
  readonly addresses?: ReadonlyMap<string, readonly string[]>;
}

function aPair({ first = {}, second = {} }: PairFields = {}): ReadonlyMap<string, FakeKernel> {
  return new Map([
    ['router-a', aKernel({ links: ['eth0 30.1.1.1/24'], ...first })],
    ['router-b', aKernel({ links: ['eth0 30.1.1.2/24'], ...second })],
  ]);
}

function observationOf(tunnel: Tunnel, fields: PairFields = {}): Observation {
  const { adjust = (observed) => observed, foreignDevices = 'refuse', addresses = new Map() } = fields;
  const hosts = [...aPair(fields)].map(([host, kernel]): [string, ObservedHost] => {
    const observed = observeFor(kernel, host, [tunnel], addresses);
    return [host, host === 'router-a' ? adjust(observed) : observed];
  });
  return { hosts: new Map(hosts), addresses, foreignDevices, keys: keysFor([tunnel]) };
}

export function presenceOf(tunnel: Tunnel, fields: PairFields = {}): TunnelPlan {
  return planPresence(tunnel, observationOf(tunnel, fields));
}

export function absenceOf(tunnel: Tunnel, fields: PairFields = {}): TunnelPlan {
  return planAbsence(tunnel, observationOf(tunnel, fields));
}

/** Codes of what stands against a tunnel. */
export function refusals(tunnel: Tunnel, fields: PairFields = {}): readonly string[] {
  return presenceOf(tunnel, fields).problems.map(({ code }) => code);
}

import type { Prefix } from '../../src/domain/address.ts';
import { bitsOf, familyOf, parseInterfaceAddress } from '../../src/domain/address.ts';
import type { ObservedHost } from '../../src/domain/observed.ts';
import type { ObservedPersistence } from '../../src/domain/persistence.ts';
import type { InnerAddress, Tunnel, TunnelEnd } from '../../src/domain/tunnel.ts';

/** `10.0.0.1/24`, or `10.0.0.1 peer 10.0.0.2`, as ip-address(8) has it. */
function inner(text: string): InnerAddress {
  const [own = '', peer] = text.split(' peer ');
  const plain = parseInterfaceAddress(own.includes('/') ? own : `${own}/${bitsOf(familyOf(own))}`);
  if (plain === undefined) throw new Error(`not an address: ${text}`);
  if (peer === undefined) return plain;
  const far = parseInterfaceAddress(peer.includes('/') ? peer : `${peer}/${bitsOf(familyOf(peer))}`);
  if (far === undefined) throw new Error(`not an address: ${text}`);
  return { address: plain.address, length: far.length, peer: far.address };
}

export type EndFields = Partial<Omit<TunnelEnd, 'addresses'>> & { readonly addresses?: readonly string[] };

/** One end as the inventory would have read it. */
export function anEnd(host: string, { addresses = [], ...fields }: EndFields = {}): TunnelEnd {
  return { host, device: 'gre1', networks: [], routes: [], forwarding: false, ...fields, addresses: addresses.map(inner) };
}

/** The tunnel of KERNEL.md: 30.1.1.1 and 30.1.1.2, gre with key 1, inner 10.10.10.1 and .2. */
export function aTunnel(fields: Partial<Tunnel> = {}, ends: readonly [EndFields, EndFields] = [{}, {}]): Tunnel {
  const name = fields.name ?? 'gre1';
  const [first, second] = ends;
  const shared = { device: name, ...((fields.mode ?? 'gre') === 'gre' ? { ikey: 1 } : {}) };
  return {
    name,
    mode: 'gre',
    ttl: 255,
    state: 'present',
    tags: [],
    verify: { count: 3, intervalSeconds: 0.2, maxLossPercent: 0 },
    endpoints: [
      anEnd('router-a', { ...shared, local: '30.1.1.1', addresses: ['10.10.10.1 peer 10.10.10.2'], ...first }),
      anEnd('router-b', { ...shared, local: '30.1.1.2', addresses: ['10.10.10.2 peer 10.10.10.1'], ...second }),
    ],
    ...fields,
  };
}

/** Networks behind an end, which make it a router. */
export function behind(...networks: readonly Prefix[]): EndFields {
  return { networks, forwarding: true };
}

/** What brings tunnels back on a host: nothing, unless it is said. */
export function aPersistence(fields: Partial<ObservedPersistence> = {}): ObservedPersistence {
  return { backEnds: new Set(), obstacles: new Set(), keepers: new Map(), files: [], ...fields };
}

/** A host with one plain link and nothing else, for tests that need no kernel. */
export function anObservedHost(fields: Partial<ObservedHost> = {}): ObservedHost {
  return {
    host: 'router-a',
    kernelRelease: '6.1.0-test',
    networkNamespace: 'net:[4026531840]',
    links: [{ device: 'eth0', isUp: true, mtuBytes: 1500, attributes: {}, addresses: [{ address: '30.1.1.1', length: 24, isKernelMade: false }] }],
    routes: [],
    sysctls: new Map([['net/ipv4/ip_forward', '0']]),
    modules: new Map([
      ['ip_gre', { state: 'loaded' }],
      ['ipip', { state: 'loaded' }],
    ]),
    hasAllRoutes: true,
    decisions: [],
    persistence: aPersistence(),
    fouPorts: [],
    clamps: [],
    lookups: new Map(),
    rules: [],
    associations: [],
    policies: [],
    programs: new Set(['ip', 'ping', 'flock']),
    canAdministerNetwork: true,
    ...fields,
  };
}

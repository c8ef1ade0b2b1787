import { describe, expect, it } from 'vitest';
import { place } from '../../../src/lab/placement.ts';
import { TOPOLOGIES } from '../../../src/lab/topologies.ts';
import { topologyNamed } from './topology-named.ts';

describe('place', () => {
  const ground = topologyNamed('everything');

  it('lays every topology over the guests of "everything"', () => {
    for (const topology of TOPOLOGIES.values()) expect(() => place(topology, ground)).not.toThrow();
  });

  it('uses the cables that the guests have between them', () => {
    const { placed, guestFor } = place(topologyNamed('routed'), ground);
    expect(guestFor).toEqual({ 'host-a': 'host-a', router: 'router', 'host-b': 'host-b' });
    expect(placed.hosts.map((host) => host.addresses)).toEqual([
      { eth2: ['10.10.10.2/24'] },
      { eth1: ['10.10.10.1/24'], eth2: ['10.10.20.1/24'] },
      { eth2: ['10.10.20.2/24'] },
    ]);
  });

  it('moves PCs along with their routers and keeps their names', () => {
    const { placed, guestFor } = place(topologyNamed('site-to-site'), ground);
    expect(guestFor).toEqual({ 'router-a': 'host-a', 'router-b': 'host-b' });
    expect(placed.hosts.find((host) => host.name === 'pc1')).toMatchObject({ inside: 'host-b', addresses: { eth0: ['10.1.1.2/24'] } });
    expect(placed.links).toContainEqual([
      { host: 'host-b', device: 'lan0' },
      { host: 'pc1', device: 'eth0' },
    ]);
  });

  it('masquerades on the device the cable has there', () => {
    expect(place(topologyNamed('nat'), ground).placed.hosts[1]?.masquerade).toEqual(['eth2']);
  });

  it('refuses a ground that lacks a guest or a cable', () => {
    expect(() => place(topologyNamed('routed'), topologyNamed('two-hosts'))).toThrow('no guest left for host "router"');
    expect(() => place(topologyNamed('two-hosts'), topologyNamed('routed'))).toThrow('"routed" has no link between host-a and host-b');
  });
});

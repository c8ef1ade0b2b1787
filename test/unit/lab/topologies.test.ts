import { describe, expect, it } from 'vitest';
import { TOPOLOGIES } from '../../../src/lab/topologies.ts';
import { cablesOf, guestOf, guestsOf } from '../../../src/lab/topology.ts';

describe.each([...TOPOLOGIES.values()])('topology $name', (topology) => {
  it('plugs links only into hosts it has, and each device once', () => {
    const plugs = topology.links.flat().map((plug) => `${plug.host} ${plug.device}`);
    expect(new Set(plugs).size).toBe(plugs.length);
    for (const plug of topology.links.flat()) expect(guestOf(topology, plug.host)).toBeDefined();
  });

  it('names cable devices eth1, eth2, … on each guest, as its kernel does', () => {
    for (const guest of guestsOf(topology)) {
      const plugs = cablesOf(topology).flat();
      const devices = plugs.filter((plug) => plug.host === guest.name).map((plug) => plug.device);
      expect(devices.sort()).toEqual(devices.map((_, at) => `eth${at + 1}`));
    }
  });

  it('gives addresses only to devices that are on a link', () => {
    const plugs = topology.links.flat();
    for (const host of topology.hosts) {
      for (const device of Object.keys(host.addresses ?? {})) expect(plugs).toContainEqual({ host: host.name, device });
    }
  });
});

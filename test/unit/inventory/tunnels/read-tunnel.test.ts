import { describe, expect, it } from 'vitest';
import { problemsOf, readText, withTunnels } from '../read-text.ts';

/** The one tunnel of an inventory that has no problem. */
function tunnelOf({ fields = '', a = 'address: 10.10.10.2', b = 'address: 10.10.10.1', mode = 'gre' }) {
  const reading = readText(withTunnels(`  t1:\n    mode: ${mode}\n${fields}    endpoints:\n      a: { ${a} }\n      b: { ${b} }\n`));
  expect(problemsOf(reading)).toEqual([]);
  return reading.desired?.tunnels[0];
}

describe('a tunnel', () => {
  it('has defaults for all that is left out', () => {
    expect(tunnelOf({ mode: 'ipip' })).toEqual({
      name: 't1',
      mode: 'ipip',
      ttl: 64,
      state: 'present',
      tags: [],
      verify: { count: 3, intervalSeconds: 0.2, maxLossPercent: 0 },
      endpoints: [
        {
          host: 'a',
          device: 't1',
          addresses: [{ address: '10.10.10.2', length: 32, peer: '10.10.10.1' }],
          networks: [],
          routes: [],
          forwarding: false,
        },
        {
          host: 'b',
          device: 't1',
          addresses: [{ address: '10.10.10.1', length: 32, peer: '10.10.10.2' }],
          networks: [],
          routes: [],
          forwarding: false,
        },
      ],
    });
  });

  it('takes every field', () => {
    const fields = `    ttl: inherit
    mtu: 1400
    tags: [x, y]
    description: d
    state: absent
    verify: { count: 9, interval: 1, max_loss: 5.5, max_rtt: 80 }
`;
    const a =
      'device: tun1, local: 30.1.1.2, public: 192.0.2.5, dev: eth1, address: 10.10.10.2, networks: [10.2.0.0/16], routes: [10.3.0.0/16, { to: "fd00:3::/48", metric: 5, table: 9 }], metric: 7, table: 8, forwarding: false';
    expect(tunnelOf({ fields, a })).toMatchObject({
      ttl: 'inherit',
      mtuBytes: 1400,
      tags: ['x', 'y'],
      description: 'd',
      state: 'absent',
      verify: { count: 9, intervalSeconds: 1, maxLossPercent: 5.5, maxRttMs: 80 },
      endpoints: [
        {
          device: 'tun1',
          local: '30.1.1.2',
          public: '192.0.2.5',
          dev: 'eth1',
          networks: ['10.2.0.0/16'],
          routes: [{ to: '10.3.0.0/16' }, { to: 'fd00:3::/48', metric: 5, table: 9 }],
          metric: 7,
          table: 8,
          forwarding: false,
        },
        { device: 't1', forwarding: false },
      ],
    });
  });

  it('leaves mtu out for auto', () => {
    expect(tunnelOf({ fields: '    mtu: auto\n' })).not.toHaveProperty('mtuBytes');
  });

  it('gives its key to both ends, and lets ikey of an end win there', () => {
    expect(tunnelOf({ fields: '    key: 0\n' })?.endpoints.map(({ ikey }) => ikey)).toEqual([0, 0]);
    expect(tunnelOf({ fields: '    key: 1\n', b: 'address: 10.10.10.1, ikey: 2' })?.endpoints.map(({ ikey }) => ikey)).toEqual([1, 2]);
    expect(tunnelOf({ b: 'address: 10.10.10.1, ikey: 2' })?.endpoints.map(({ ikey }) => ikey)).toEqual([undefined, 2]);
  });

  it('forwards on the host that has networks', () => {
    expect(tunnelOf({ a: 'address: 10.10.10.2, networks: [10.2.0.0/16]' })?.endpoints.map(({ forwarding }) => forwarding)).toEqual([true, false]);
  });

  it('pairs point to point addresses by their position in the family', () => {
    const tunnel = tunnelOf({ a: 'address: [10.10.10.2, "fd00::2", 10.10.11.2/24]', b: 'address: ["FD00::1", 10.10.10.1/24, 10.10.11.1]' });
    expect(tunnel?.endpoints.map(({ addresses }) => addresses)).toEqual([
      [
        { address: '10.10.10.2', length: 32, peer: '10.10.10.1' },
        { address: 'fd00::2', length: 128, peer: 'fd00::1' },
        { address: '10.10.11.2', length: 24 },
      ],
      [
        { address: 'fd00::1', length: 128, peer: 'fd00::2' },
        { address: '10.10.10.1', length: 24 },
        { address: '10.10.11.1', length: 32, peer: '10.10.11.2' },
      ],
    ]);
  });
});

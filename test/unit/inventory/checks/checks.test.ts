import { describe, expect, it } from 'vitest';
import { problemsOf, readText, withTunnels } from '../read-text.ts';

interface Ends {
  readonly a: string;
  readonly b: string;
}

function tunnel(name: string, fields: string, { a, b }: Ends): string {
  return `  ${name}: { mode: gre, ${fields} endpoints: { a: { ${a} }, b: { ${b} } } }\n`;
}

function problems(...tunnels: readonly string[]): readonly string[] {
  return problemsOf(readText(withTunnels(tunnels.join('')))).map((problem) => problem.replace(/ .*/, ''));
}

const PAIR: Ends = { a: 'local: 30.1.1.2, address: 10.10.10.2', b: 'local: 30.1.1.1, address: 10.10.10.1' };

/** Golden cases show what is refused and how; these show what must not be. */
describe('checks let pass', () => {
  it('several tunnels between two hosts, told apart by keys', () => {
    const other = { a: 'local: 30.1.1.2, address: 10.10.11.2', b: 'local: 30.1.1.1, address: 10.10.11.1' };
    expect(problems(tunnel('t1', 'key: 1,', PAIR), tunnel('t2', 'key: 2,', other))).toEqual([]);
  });

  it('a keyed and a keyless tunnel, and key 0, which is a key', () => {
    const others = [1, 2].map((n) => ({ a: `local: 30.1.1.2, address: 10.10.2${n}.2`, b: `local: 30.1.1.1, address: 10.10.2${n}.1` }));
    expect(problems(tunnel('t1', '', PAIR), tunnel('t2', 'key: 0,', others[0] ?? PAIR), tunnel('t3', 'key: 1,', others[1] ?? PAIR))).toEqual([]);
  });

  it('gre and ipip between the same addresses', () => {
    const ipip = '  t2: { mode: ipip, endpoints: { a: { local: 30.1.1.2, address: 10.10.11.2 }, b: { local: 30.1.1.1, address: 10.10.11.1 } } }\n';
    expect(problems(tunnel('t1', '', PAIR), ipip)).toEqual([]);
  });

  it('tunnels of one identity bound to different links', () => {
    const bound = (dev: string, net: number) => ({
      a: `local: 30.1.1.2, dev: ${dev}, address: 10.10.${net}.2`,
      b: `local: 30.1.1.1, dev: ${dev}, address: 10.10.${net}.1`,
    });
    expect(problems(tunnel('t1', '', bound('eth0', 1)), tunnel('t2', '', bound('eth1', 2)))).toEqual([]);
  });

  it('two hosts whose outer addresses are only known to them', () => {
    expect(problems(tunnel('t1', '', { a: 'address: 10.10.10.2', b: 'address: 10.10.10.1' }))).toEqual([]);
  });

  it('hosts reached by ports forwarded on loopback', () => {
    const tunnels = ['b', 'c'].map(
      (peer, n) =>
        `  t${n}: { mode: gre, endpoints: { a: { address: 10.1.${n}.1, routes: [10.${n + 50}.0.0/16] }, ${peer}: { address: 10.1.${n}.2 } } }\n`,
    );
    const text = withTunnels(tunnels.join('')).replace(/ansible_host: [\d.]+/g, 'ansible_host: 127.0.0.1');
    expect(problemsOf(readText(text))).toEqual([]);
  });

  it('the same private outer address behind two NATs', () => {
    const ends = {
      a: 'local: 192.168.1.2, public: 198.51.100.7, address: 10.10.10.2',
      b: 'local: 192.168.1.2, public: 203.0.113.9, address: 10.10.10.1',
    };
    expect(problems(tunnel('t1', '', ends))).toEqual([]);
  });

  it('one link-local address on many tunnels', () => {
    const ends = (net: number) => ({
      a: `local: 30.1.1.2, address: [10.10.${net}.2, "fe80::2/64"]`,
      b: `local: 30.1.1.1, address: [10.10.${net}.1, "fe80::1/64"]`,
    });
    expect(problems(tunnel('t1', 'key: 1,', ends(1)), tunnel('t2', 'key: 2,', ends(2)))).toEqual([]);
  });

  it('a tunnel inside another', () => {
    const outer = { a: 'local: 30.1.1.2, address: 10.9.0.2/30', b: 'local: 30.1.1.1, address: 10.9.0.1/30' };
    const inner = { a: 'local: 10.9.0.2, address: 10.9.1.2', b: 'local: 10.9.0.1, address: 10.9.1.1' };
    expect(problems(tunnel('outer', '', outer), tunnel('inner', '', inner))).toEqual([]);
  });

  it('two addresses of one subnet at one end', () => {
    expect(problems(tunnel('t1', '', { a: 'address: [10.10.10.2/24, 10.10.10.3/24]', b: 'address: [10.10.10.1/24, 10.10.10.4/24]' }))).toEqual([]);
  });

  it('the ends of a /31 and of a /127', () => {
    expect(problems(tunnel('t1', '', { a: 'address: [10.10.10.0/31, "fd00::/127"]', b: 'address: [10.10.10.1/31, "fd00::1/127"]' }))).toEqual([]);
  });

  it('different subnets with a route to each other, from networks or routes', () => {
    const ends = { a: 'address: 20.1.2.1/24, networks: [20.1.2.0/24]', b: 'address: 20.1.3.1/24' };
    expect(problems(tunnel('t1', '', { ...ends, a: `${ends.a}, routes: [20.1.3.0/24]` }))).toEqual([]);
  });

  it('a route to the whole inner network', () => {
    expect(problems(tunnel('t1', '', { a: `${PAIR.a}, routes: [10.10.10.0/24]`, b: PAIR.b }))).toEqual([]);
  });

  it('a default route in a table of its own', () => {
    expect(problems(tunnel('t1', '', { a: `${PAIR.a}, table: 100, routes: [0.0.0.0/0]`, b: PAIR.b }))).toEqual([]);
  });

  it('one network by two tunnels with different metrics', () => {
    const other = { a: 'local: 30.1.1.2, address: 10.10.11.2, metric: 20', b: 'local: 30.1.1.1, address: 10.10.11.1, networks: [10.1.0.0/16]' };
    const first = { a: PAIR.a, b: `${PAIR.b}, networks: [10.1.0.0/16]` };
    expect(problems(tunnel('t1', 'key: 1,', first), tunnel('t2', 'key: 2,', other))).toEqual([]);
  });

  it('what an absent tunnel leaves behind, but for its device', () => {
    const absent = tunnel('t1', 'state: absent,', PAIR);
    expect(problems(absent, tunnel('t2', '', PAIR))).toEqual([]);
    expect(problems(absent, tunnel('t2', '', { ...PAIR, a: `${PAIR.a}, device: t1` }))).toEqual(['duplicate-device']);
  });

  it('an mtu below 1280 where only IPv4 is inside', () => {
    expect(problems(tunnel('t1', 'mtu: 576,', PAIR))).toEqual([]);
  });
});

describe('checks see', () => {
  it('each of many tunnels that overlap one large network', () => {
    const large = tunnel('large', 'key: 99,', { a: 'local: 30.1.1.2, address: 10.8.0.1/13', b: 'address: 10.8.0.2/13' });
    const small = [1, 2, 3].map((n) =>
      tunnel(`t${n}`, `key: ${n},`, { a: `local: 30.1.1.2, address: 10.9.${n}.1/24`, b: `local: 30.1.1.1, address: 10.9.${n}.2/24` }),
    );
    expect(problems(...small, large).filter((code) => code === 'overlapping-address')).toHaveLength(6);
  });

  it('a point to point peer on two devices of a hub', () => {
    const spokes = ['b', 'c'].map(
      (spoke, n) => `  t${n}: { mode: gre, endpoints: { a: { address: 10.0.${n}.1 }, ${spoke}: { address: 10.0.9.9 } } }\n`,
    );
    expect(problems(...spokes)).toEqual(['overlapping-address']);
  });

  it('equal tunnels whose outer addresses are only known to the hosts', () => {
    const ends = (net: number) => ({ a: `address: 10.10.${net}.2`, b: `address: 10.10.${net}.1` });
    expect(problems(tunnel('t1', '', ends(1)), tunnel('t2', '', ends(2)))).toEqual(['duplicate-identity', 'duplicate-identity']);
  });

  it('a route over the address a host without local is managed by', () => {
    expect(problems(tunnel('t1', '', { a: 'address: 10.10.10.2, routes: [203.0.113.0/24]', b: 'address: 10.10.10.1' }))).toEqual([
      'route-carries-underlay',
    ]);
  });
});

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { adoptOver } from '../../../src/cli/commands/adopt.ts';
import { readInventory } from '../../../src/inventory/read-inventory.ts';
import { twoRouters } from '../../support/builders-sites.ts';
import type { Stage } from '../../support/fake-host-stage.ts';
import { FakeTransport } from '../../support/fake-host-transport.ts';

const NAMES = ['router-a', 'router-b'] as const;

let stage: Stage;
let stdout = '';
let stderr = '';
beforeEach(() => {
  [stdout, stderr] = ['', ''];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    stdout += String(text);
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    stderr += String(text);
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  stage.close();
});

function typedOn(first: readonly string[], second: readonly string[]): void {
  stage = twoRouters({ links: ['eth0 30.1.1.1/24 2001:db8::1/64'], typed: first }, { links: ['eth0 30.1.1.2/24 2001:db8::2/64'], typed: second });
}

async function adopted() {
  const hosts = new Map(NAMES.map((name) => [name, { name, connection: {} }]));
  const before = stage.snapshots();
  const status = await adoptOver({ transport: new FakeTransport([...stage.hosts.values()]), interrupt: new AbortController().signal }, hosts);
  expect(stage.snapshots()).toEqual(before);
  return { status, reading: readInventory([{ path: 'inventory.yaml', text: stdout }]) };
}

/** Somebody's own tunnel on one host, as ip-link(8) has it. */
function made(device: string, type: string, address: string): readonly string[] {
  return [`link add name ${device} type ${type}`, `address add ${address} dev ${device}`, `link set dev ${device} up`];
}

describe('adopt', () => {
  it.each([
    [
      'gre with keys of its own each way, and a route',
      [
        ...made('site', 'gre local 30.1.1.1 remote 30.1.1.2 ikey 1 okey 2 ttl 64 pmtudisc', '10.9.9.1 peer 10.9.9.2'),
        'route add 10.77.0.0/16 dev site proto static',
      ],
      made('site', 'gre local 30.1.1.2 remote 30.1.1.1 ikey 2 okey 1 ttl 64 pmtudisc', '10.9.9.2 peer 10.9.9.1'),
    ],
    [
      'ipip whose devices have two names',
      made('to-b', 'ipip local 30.1.1.1 remote 30.1.1.2 ttl 255 pmtudisc', '10.9.9.1/24'),
      made('to-a', 'ipip local 30.1.1.2 remote 30.1.1.1 ttl 255 pmtudisc', '10.9.9.2/24'),
    ],
    [
      'ip6gre',
      made('six', 'ip6gre local 2001:db8::1 remote 2001:db8::2 ikey 9 okey 9 ttl 64 encaplimit none', 'fd00::1/64'),
      made('six', 'ip6gre local 2001:db8::2 remote 2001:db8::1 ikey 9 okey 9 ttl 64 encaplimit none', 'fd00::2/64'),
    ],
    [
      'vxlan',
      made('vx', 'vxlan id 7 local 30.1.1.1 remote 30.1.1.2 dstport 4789 ttl 64', '10.9.9.1/24'),
      made('vx', 'vxlan id 7 local 30.1.1.2 remote 30.1.1.1 dstport 4789 ttl 64', '10.9.9.2/24'),
    ],
  ])('declares %s so that planning it finds nothing but the mark missing', async (_what, first, second) => {
    typedOn(first, second);
    const { status, reading } = await adopted();
    expect([status, reading.diagnostics]).toEqual([0, []]);
    expect(stderr).toBe('Take them over with: tunorch up --adopt FILE\n');
    const { events } = await stage.run({ tunnels: reading.desired?.tunnels ?? [], command: 'plan', isCheck: true, foreignDevices: 'adopt' });
    const changes = events.flatMap((event) => (event.type === 'tunnel-planned' ? event.changes : []));
    expect(changes.map(({ action, differences = [] }) => [action, ...differences.map(({ name }) => name)])).toEqual([
      ['change', 'alias'],
      ['change', 'alias'],
    ]);
  });

  it('tells in what the two ends differ', async () => {
    typedOn(
      made('site', 'gre local 30.1.1.1 remote 30.1.1.2 ttl 64 pmtudisc', '10.9.9.1 peer 10.9.9.2'),
      made('site', 'gre local 30.1.1.2 remote 30.1.1.1 ttl 255 pmtudisc', '10.9.9.2 peer 10.9.9.1'),
    );
    await adopted();
    expect(stderr).toContain('site: taking it over would change link site on router-b (ttl 255 → 64)');
  });

  it('leaves out what has no other end', async () => {
    typedOn(
      made('site', 'gre local 30.1.1.1 remote 30.1.1.2 ikey 1 okey 1 ttl 64', '10.9.9.1/24'),
      made('site', 'gre local 30.1.1.2 remote 30.1.1.1 ikey 2 okey 2 ttl 64', '10.9.9.2/24'),
    );
    expect((await adopted()).status).toBe(0);
    expect(stdout).toBe('');
    expect(stderr).toBe(
      'router-a: site has no other end on the other host: left out\nrouter-b: site has no other end on the other host: left out\nthere is no tunnel between router-a and router-b\n',
    );
  });
});
